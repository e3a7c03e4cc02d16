"""A small feed for the tests, and ways to break it."""

import io
import zipfile

AGENCY = (
    "agency_id,agency_name,agency_url,agency_timezone,agency_lang\nA,桑都バス,https://bus.example.jp/,Asia/Tokyo,ja\n"
)
STOPS = (
    "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,zone_id\n"
    "P,駅前,35.655,139.339,1,,\n"
    "P1,駅前,35.6551,139.3391,0,P,z1\n"
    "P2,駅前,35.6549,139.3389,0,P,z1\n"
    "B,団地,35.660,139.350,0,,z2\n"
    "C,山の上,35.665,139.360,0,,z3\n"
)
ROUTES = "route_id,agency_id,route_long_name,route_type\nR,A,団地線,3\n"
TRIPS = "route_id,service_id,trip_id,trip_headsign\nR,平日,T1,山の上\nR,平日,T2,駅前\nR,休日,T3,山の上\n"
STOP_TIMES = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    "T1,7:00:00,7:00:00,P1,1,0,1\n"
    "T1,,,B,2,0,0\n"
    "T1,07:20:00,07:20:00,C,3,1,0\n"
    "T2,23:50:00,23:50:00,C,1,0,1\n"
    "T2,24:05:00,24:05:00,B,2,0,0\n"
    "T2,24:15:00,24:15:00,P2,3,1,0\n"
    "T3,9:00:00,9:00:00,P1,1,0,1\n"
    "T3,9:20:00,9:20:00,C,2,1,0\n"
)
CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "平日,1,1,1,1,1,0,0,20260401,20270331\n"
    "休日,0,0,0,0,0,1,1,20260401,20270331\n"
)
CALENDAR_DATES = "service_id,date,exception_type\n平日,20260429,2\n休日,20260429,1\n"
FARES = "fare_id,price,currency_type,payment_method,transfers\nF,180,JPY,0,0\n"
FEED_INFO = (
    "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version\n"
    "桑都市,https://www.example.jp/,ja,20260401,20270331,2026v1\n"
)
TRANSLATIONS = (
    "table_name,field_name,language,translation,record_id,record_sub_id,field_value\n"
    "stops,stop_name,ja-Hrkt,えきまえ,,,駅前\n"
    "stops,stop_name,ja-Hrkt,だんち,B,,\n"
    "stops,stop_name,ja-Hrkt,やまのうえ,C,,\n"
)
FILES = {
    "agency.txt": AGENCY,
    "stops.txt": STOPS,
    "routes.txt": ROUTES,
    "trips.txt": TRIPS,
    "stop_times.txt": STOP_TIMES,
    "calendar.txt": CALENDAR,
    "calendar_dates.txt": CALENDAR_DATES,
    "fare_attributes.txt": FARES,
    "feed_info.txt": FEED_INFO,
    "translations.txt": TRANSLATIONS,
}


def zipped(**changed):
    """The feed as a zip; `stops=...` replaces `stops.txt` (text or bytes), None leaves it out, other names end as given (`locations_geojson`)."""
    files = dict(FILES)
    for name, content in changed.items():
        file = name.replace("_geojson", ".geojson") if name.endswith("_geojson") else f"{name}.txt"
        if content is None:
            del files[file]
        else:
            files[file] = content
    return pack(files)


def pack(files):
    """Any files as a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else content.encode())
    return target.getvalue()
