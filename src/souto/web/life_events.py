"""Life events (くらしの場面): the categories under which residents look for procedures, with their icon."""

from __future__ import annotations

from dataclasses import dataclass

from souto.kernel.language import LocalText


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A card of the portal: `code` is a procedure's category."""

    code: str
    icon: str
    title: LocalText


LIFE_EVENTS = (
    LifeEvent("moving", "moving", {"ja": "引越し", "ja-easy": "ひっこし", "en": "Moving"}),
    LifeEvent("birth", "birth", {"ja": "妊娠・出産", "ja-easy": "赤ちゃんが できた とき", "en": "Pregnancy and birth"}),
    LifeEvent("childcare", "childcare", {"ja": "子育て", "ja-easy": "子どもを そだてる", "en": "Raising children"}),
    LifeEvent("school", "school", {"ja": "学校", "ja-easy": "学校", "en": "School"}),
    LifeEvent("work", "work", {"ja": "仕事", "ja-easy": "しごと", "en": "Work"}),
    LifeEvent("tax", "tax", {"ja": "税", "ja-easy": "税金〈市に はらう お金〉", "en": "Tax"}),
    LifeEvent("care", "care", {"ja": "介護", "ja-easy": "お年よりの 世話", "en": "Nursing care"}),
    LifeEvent(
        "bereavement", "bereavement", {"ja": "おくやみ", "ja-easy": "家族が なくなった とき", "en": "Bereavement"}
    ),
    LifeEvent(
        "certificate", "certificate", {"ja": "証明書", "ja-easy": "証明書〈市が 出す 紙〉", "en": "Certificates"}
    ),
    LifeEvent("road", "road", {"ja": "道路・まち", "ja-easy": "道や まちの こと", "en": "Roads and streets"}),
)
