"""Engine: files of payment notices (納入済通知), read by a declarative mapping.

Problem: the layout that a city receives is agreed with its bank or with eLTAX and is not published. Method: the city writes the
layout as data (fields by position or by column, encodings, record types, a trailer with count and total); a file is read whole
or not at all, so that a transfer that was cut is never half booked. Units: yen, calendar days.
"""

from souto.services.payments.notice_files.mapping import FieldRule, MappingError, NoticeMapping, load_mappings
from souto.services.payments.notice_files.reading import (
    BadLineError,
    EmptyNoticeFileError,
    NoticeFileCutError,
    NoticeFileError,
    NoticeRow,
    WrongEncodingError,
    read,
)

__all__ = [
    "BadLineError",
    "EmptyNoticeFileError",
    "FieldRule",
    "MappingError",
    "NoticeFileCutError",
    "NoticeFileError",
    "NoticeMapping",
    "NoticeRow",
    "WrongEncodingError",
    "load_mappings",
    "read",
]
