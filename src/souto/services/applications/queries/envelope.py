"""GIF 申請 (DS-451-1, 2025-03-25): an application as the canonical envelope of the 政府相互運用性フレームワーク.

A票 says who applies to whom and when, B票 what. Item names are those of the standard, in Japanese; dates are ISO (GIF 日付).
"""

from __future__ import annotations

from typing import Any

from souto.foundation.identity import queries as identity
from souto.foundation.ui.city import city
from souto.kernel import clock
from souto.services.applications.models import Application
from souto.services.applications.queries.answers import attachments_of, current_submission, sections


def gif_envelope(application: Application) -> dict[str, Any]:
    """The envelope of the current submission. Items that the standard requires are always there; others only where they are known."""
    submission = current_submission(application)
    definition = application.version.definition
    answers = submission.payload["answers"]
    return {
        "A票": {
            "宛先": {
                "名称": city().name,
                "全国地方公共団体コード": city().lg_code,
                "部署名": application.department_code,
            },
            "申請日": clock.local_date(application.submitted_at).isoformat(),
            "連絡先": {"電子メールアドレス": application.contact["email"]},
            "申請者": _applicant(application),
            **({"委任者": application.mandate} if application.mandate else {}),
        },
        "B票": {
            "名称": definition.title["ja"],
            "内容": {
                "受付番号": application.number,
                "手続": definition.slug,
                "版": application.version.number,
                "提出": submission.revision,
                "回答": answers,
                "項目": [
                    {"ページ": part.title, "パス": row.path, "項目名": row.label, "表示": list(row.lines)}
                    for part in sections(definition, answers, language="ja")
                    for row in part.rows
                ],
                "添付": [dict(a) for a in attachments_of(submission)],
            },
            "更新年月日": clock.local_date(submission.at).isoformat(),
        },
    }


def _applicant(application: Application) -> dict[str, str]:
    """個人型: the items of the person that are known; GIF parts a name by a half-width space where JPKI has U+3000."""
    if application.person_id is None:
        return {"氏名": application.contact["name"]} if application.contact["name"] else {}
    profile = identity.profile_of(application.person_id)
    found = {
        "氏名": profile.name.replace("\u3000", " "),
        "カナ氏名": profile.name_kana.replace("\u3000", " "),
        "生年月日": profile.birth_date if "-" in profile.birth_date else "",
        "性別": {"1": "1", "2": "2"}.get(profile.sex, "0"),
        "住所": profile.address,
        "宛名番号": profile.register_number,
    }
    return {name: value for name, value in found.items() if value}
