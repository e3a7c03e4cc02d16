"""The gallery at `/_ui/` (demo only): every component with awkward content, for those who build pages and for the tests."""

from __future__ import annotations

from datetime import UTC, datetime

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui import icons, maps
from souto.foundation.ui.components import Step, SummaryRow
from souto.kernel import clock

LONG_NAME = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処藪ら柑子"[:40]
LONG_ADDRESS = (
    "〒192-8501",
    "東京都",
    "八王子市",
    "元本郷町三丁目24番1号",
    "グランドメゾン八王子セントラルガーデンズ・ウエストウイング・アネックス",
    "12階 1203号室",
    "株式会社桑都織物研究所気付",
    "（表札は「田中」です）",
)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


class SampleForm(forms.Form):
    """One field of each widget."""

    name = forms.CharField(label="氏名", help_text="住民票のとおりに入力してください。")
    reason = forms.CharField(label="理由", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label="種類", choices=[("", "選択してください"), ("a", "住民票の写し"), ("b", "住民票記載事項証明書")]
    )
    copies = forms.ChoiceField(
        label="通数", widget=forms.RadioSelect, choices=[("1", "1通"), ("2", "2通"), ("3", "3通以上")]
    )
    uses = forms.MultipleChoiceField(
        label="使い道",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("bank", "銀行"), ("school", "学校"), ("work", "会社")],
    )
    agree = forms.BooleanField(label="内容に間違いはありません")


def _map() -> maps.MapContent | None:
    """Everything that can lie on a map, around where the city's map begins."""
    base = maps.base_map()
    if base is None or base.center is None:
        return None
    lat, lng = base.center.lat, base.center.lng
    return maps.MapContent(
        label="地図の見本：避難所2か所、バスの道、運行の区域",
        markers=(
            maps.Marker(lat + 0.006, lng, label="第一小学校", shape="square", letter="避", tone="success", url="#map"),
            # So near that only two of the three names find room before the map is enlarged.
            maps.Marker(lat + 0.011, lng - 0.02, label="体育館", shape="circle", letter="2", url="#map"),
            maps.Marker(lat + 0.011, lng - 0.0185, label="校庭", shape="circle", letter="3", url="#map"),
            maps.Marker(lat + 0.011, lng - 0.0215, label="正門", shape="circle", letter="4", url="#map"),
            maps.Marker(
                lat - 0.008, lng + 0.03, label=LONG_NAME, shape="square", letter="避", tone="muted", url="#map"
            ),
            maps.Marker(lat - 0.004, lng - 0.02, label="通報", shape="diamond", letter="！", tone="warning"),
            maps.Marker(lat + 0.012, lng + 0.025, shape="circle", letter="1", tone="key"),
        ),
        lines=(
            maps.Line(((lat, lng - 0.03), (lat + 0.004, lng - 0.01), (lat + 0.012, lng + 0.025)), label="バスの道"),
            maps.Line(((lat - 0.006, lng), (lat - 0.01, lng + 0.02)), tone="error", dashed=True),
        ),
        polygons=(
            maps.Polygon(
                (
                    (lat - 0.012, lng - 0.025),
                    (lat - 0.012, lng + 0.01),
                    (lat + 0.002, lng + 0.01),
                    (lat + 0.002, lng - 0.025),
                ),
                tone="success",
                label="運行の区域",
            ),
        ),
    )


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """A map with everything that can lie on it."""
    return render(request, "ui/gallery/map.html", {"content": _map()})


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component."""
    at = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)
    return render(
        request,
        "ui/gallery/components.html",
        {
            "long_name": LONG_NAME,
            "long_word": LONG_WORD,
            "at": at,
            "icons": icons.names(),
            "rows": [
                SummaryRow("氏名", LONG_NAME, "#change"),
                SummaryRow("住所", LONG_ADDRESS, "#change"),
                SummaryRow("メールアドレス", f"{LONG_WORD}@example.jp", "#change", changed=True, before="a@example.jp"),
                SummaryRow("通帳の写し", "tsucho.jpg（1.2MB）", "#change", url="#file"),
                SummaryRow("電話番号", "", "#change"),
            ],
            "steps": [
                Step("結果のお知らせ", at, coming=True),
                Step("修正をお願いしました", at, "子育て支援課", "通帳の写しが読めません。", current=True),
                Step("申請を受け付けました", at),
            ],
            "page": Paginator(range(400), 20).page(3),
            "crumbs": [("ホーム", "/"), ("子育て", "#"), ("児童手当の認定請求", "")],
            "form": SampleForm(),
            "problems": [
                ("sample-name", "氏名を入力してください"),
                ("sample-date-field", "生年月日の「日」を入力してください"),
            ],
        },
    )


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file as an upload area sends it, and answer as a room does; keeps nothing."""
    file = request.FILES.get("file")
    if file is None:
        return HttpResponse(status=400)
    error = "このファイルは中身がありません" if not file.size else ""
    context = {"name": file.name, "size": file.size, "error": error, "remove_name": "remove", "id": "1"}
    return render(request, "ui/components/upload_file.html", context, status=422 if error else 200)


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Say what an autosave says; keeps nothing."""
    if request.POST.get("name") == "失敗":
        return HttpResponse(status=503)
    return HttpResponse(f"自動保存 {clock.local(clock.now()):%H:%M}")


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    """A question page; an empty answer comes back with its error."""
    wrong = request.method == "POST" and not request.POST.get("birth_date.day")
    message = "生年月日の「日」を入力してください"
    context = {
        "problems": [("birth_date-day", message)] if wrong else [],
        "error": message if wrong else "",
        "raw": request.POST,
        "step": 3,
        "total": 8,
        "back_url": "/_ui/",
    }
    return render(request, "ui/gallery/question.html", context, status=422 if wrong else 200)


@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """A staff list and a page of panes."""
    at = datetime(2026, 11, 20, 0, 10, tzinfo=UTC)
    states = [("submitted", "受付済"), ("in_review", "審査中"), ("correction", "修正依頼"), ("overdue", "期限超過")]
    names = [LONG_NAME, "山田 花子", "𠮷", LONG_WORD]
    cases = [
        {
            "number": f"H26-00482{n}-{n}",
            "name": names[n % 4],
            "state": states[n % 4][0],
            "label": states[n % 4][1],
            "at": at,
        }
        for n in range(8)
    ]
    return render(request, "ui/gallery/staff.html", {"cases": cases, "page": Paginator(range(412), 50).page(1)})
