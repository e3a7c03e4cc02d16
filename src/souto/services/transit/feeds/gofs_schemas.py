"""JSON Schemas (draft 2020-12) of the GOFS files that Souto writes.

Written here after the published reference of GOFS 1.0, because no package registry carries the project's own schemas; stricter than those where the
reference says more (booking rules, times, dates, colours). `docs/reference/feeds.md` says so too.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

ID: Schema = {"type": "string", "pattern": r"^\S+$"}
TEXT: Schema = {"type": "string", "minLength": 1}
DATE: Schema = {"type": "string", "pattern": r"^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$"}
TIME: Schema = {"type": "string", "pattern": r"^[0-9]{1,2}:[0-5][0-9]:[0-5][0-9]$"}
URL: Schema = {"type": "string", "pattern": r"^https?://\S+$"}
PHONE: Schema = {"type": "string", "pattern": r"^\+[0-9]{6,15}$"}
EMAIL: Schema = {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+$"}
COLOR: Schema = {"type": "string", "pattern": r"^[0-9A-F]{6}$"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number", "minimum": 0}
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"

_NAMES = (
    "gofs_versions",
    "system_information",
    "service_brands",
    "vehicle_types",
    "zones",
    "operating_rules",
    "calendars",
    "fares",
    "wait_time",
    "booking_rules",
    "realtime_booking",
)


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None, **more: Any) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


def _file(data: Schema) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_object(
            {
                "last_updated": {"type": "integer", "minimum": 1_450_155_600},
                "ttl": COUNT,
                "version": {"const": "1.0"},
                "data": data,
            }
        ),
    }


_POSITION: Schema = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "minItems": 2,
    "maxItems": 2,
}
_POLYGON = _object({"type": {"const": "Polygon"}, "coordinates": _list(_list(_POSITION, 4), 1)})
_STEP = _object({}, {"interval": NUMBER, "start": COUNT, "end": COUNT, "amount": NUMBER})
_PRICES = ("kilometer", "minute", "active_minute", "idle_minute", "rider", "luggage")


def _only(kind: int, needed: tuple[str, ...], forbidden: tuple[str, ...]) -> Schema:
    """What a booking type asks for and what it forbids."""
    return {
        "if": {"properties": {"booking_type": {"const": kind}}},
        "then": {
            "required": list(needed),
            "properties": dict.fromkeys((f"prior_notice_{name}" for name in forbidden), False),
        },
    }


_BOOKING = _object(
    {"from_zone_ids": _list(ID, 1), "booking_type": {"enum": [0, 1, 2]}},
    {
        "to_zone_ids": {"anyOf": [_list(ID, 1), {"type": "null"}]},
        "prior_notice_duration_min": COUNT,
        "prior_notice_duration_max": COUNT,
        "prior_notice_last_day": COUNT,
        "prior_notice_last_time": TIME,
        "prior_notice_start_day": COUNT,
        "prior_notice_start_time": TIME,
        "prior_notice_calendar_id": ID,
        "message": TEXT,
        "pickup_message": TEXT,
        "drop_off_message": TEXT,
        "phone_number": PHONE,
        "info_url": URL,
        "booking_url": URL,
    },
    allOf=[
        _only(
            0, (), ("duration_min", "duration_max", "last_day", "last_time", "start_day", "start_time", "calendar_id")
        ),
        _only(1, ("prior_notice_duration_min",), ("last_day", "last_time", "calendar_id")),
        _only(2, ("prior_notice_last_day",), ("duration_min", "duration_max")),
        {"not": {"required": ["prior_notice_duration_max", "prior_notice_start_day"]}},
    ],
    dependentRequired={
        "prior_notice_last_day": ["prior_notice_last_time"],
        "prior_notice_last_time": ["prior_notice_last_day"],
        "prior_notice_start_day": ["prior_notice_start_time"],
        "prior_notice_start_time": ["prior_notice_start_day"],
    },
)

SCHEMAS: dict[str, Schema] = {
    "gofs": _file(
        {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {
                LANGUAGE: _object({"feeds": _list(_object({"name": {"enum": list(_NAMES)}, "url": URL}), 1)})
            },
            "additionalProperties": False,
        }
    ),
    "gofs_versions": _file(_object({"versions": _list(_object({"version": TEXT, "url": URL}), 1)})),
    "system_information": _file(
        _object(
            {"language": {"type": "string", "pattern": LANGUAGE}, "timezone": TEXT, "name": TEXT},
            {
                "short_name": TEXT,
                "operator": TEXT,
                "url": URL,
                "subscribe_url": URL,
                "start_date": DATE,
                "phone_number": PHONE,
                "email": EMAIL,
                "feed_contact_email": EMAIL,
            },
        )
    ),
    "service_brands": _file(
        _object(
            {
                "service_brands": _list(
                    _object({"brand_id": ID, "brand_name": TEXT}, {"brand_color": COLOR, "brand_text_color": COLOR}), 1
                )
            }
        )
    ),
    "vehicle_types": _file(
        _object(
            {
                "vehicle_types": _list(
                    _object(
                        {"vehicle_type_id": ID},
                        {
                            "max_capacity": COUNT,
                            "wheelchair_boarding": {
                                "enum": [
                                    "boarding_accessible",
                                    "boarding_inaccessible",
                                    "boarding_accessible_with_assistance",
                                ]
                            },
                        },
                    )
                )
            }
        )
    ),
    "zones": _file(
        _object(
            {
                "zones": _object(
                    {
                        "type": {"const": "FeatureCollection"},
                        "features": _list(
                            _object(
                                {
                                    "type": {"const": "Feature"},
                                    "zone_id": ID,
                                    "geometry": _POLYGON,
                                    "properties": _object({}, {"name": TEXT}),
                                }
                            ),
                            1,
                        ),
                    }
                )
            }
        )
    ),
    "operating_rules": _file(
        _object(
            {
                "operating_rules": _list(
                    _object(
                        {
                            "from_zone_id": ID,
                            "to_zone_id": ID,
                            "calendars": _list(ID, 1),
                            "vehicle_type_id": _list(ID),
                        },
                        {
                            "start_pickup_window": TIME,
                            "end_pickup_window": TIME,
                            "end_dropoff_window": TIME,
                            "brand_id": ID,
                            "fare_id": ID,
                        },
                        dependentRequired={
                            "end_pickup_window": ["start_pickup_window"],
                            "end_dropoff_window": ["start_pickup_window"],
                        },
                        **{
                            "if": {"required": ["start_pickup_window"]},
                            "then": {
                                "anyOf": [{"required": ["end_pickup_window"]}, {"required": ["end_dropoff_window"]}]
                            },
                        },
                    ),
                    1,
                )
            }
        )
    ),
    "calendars": _file(
        _object(
            {
                "calendars": _list(
                    _object(
                        {"calendar_id": ID, "start_date": DATE, "end_date": DATE},
                        {
                            "days": {
                                **_list({"enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, 1),
                                "uniqueItems": True,
                            },
                            "excepted_dates": _list(DATE),
                        },
                    ),
                    1,
                )
            }
        )
    ),
    "fares": _file(
        _object(
            {
                "fares": _list(
                    _object(
                        {"fare_id": ID, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}},
                        dict.fromkeys(_PRICES, _list(_STEP)),
                    )
                )
            }
        )
    ),
    "wait_time": _file(_object({"wait_times": _list(_object({"brand_id": ID, "wait_time": COUNT}))})),
    "booking_rules": _file(_object({"booking_rules": _list(_BOOKING)})),
}
"""By the name of the file without its ending; `wait_time` is the answer to that query."""
