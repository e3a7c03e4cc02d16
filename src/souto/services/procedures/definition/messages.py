"""Every sentence with which a field refuses an answer: it names the field and the way out.

The Japanese wording is the key of the catalogues; `%(name)s` places are filled at the page, where the language is known. None of them
blames (「正しく」「不正」「無効」 do not occur).
"""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for the catalogues; the page translates it."""
    return text


ENTER = _("%(label)sを入力してください")
CHOOSE = _("%(label)sを選んでください")
CHOOSE_FILE = _("%(label)sのファイルを選んでください")
CHOOSE_POINT = _("%(label)sを地図か一覧から選んでください")
AGREE = _("先に進むには「%(label)s」にチェックを入れてください")
UNREADABLE = _("%(label)sを読み取れませんでした。もう一度入力してください")
TOO_LONG = _("%(label)sは%(limit)s字までです（いま%(length)s字）")
TOO_SHORT = _("%(label)sは%(limit)s字以上で入力してください（いま%(length)s字）")
CHARACTERS = _("%(label)sに使えない文字（%(code)s）が入っています。その文字を消してください")
EMOJI = _("%(label)sに絵文字は使えません。絵文字を消してください")
ONE_LINE = _("%(label)sは改行せずに、1行で入力してください")
DIGITS_ONLY = _("%(label)sは数字で入力してください")
DIGITS_LENGTH = _("%(label)sは%(length)s桁の数字で入力してください")
DIGITS_PAD = _("%(label)sは%(length)s桁です。%(given)s桁のときは先頭に0を%(missing)sつ付けてください")
ALPHANUMERIC_ONLY = _("%(label)sはアルファベットと数字で入力してください")
KANA = _("%(label)sは、ひらがなかカタカナで入力してください")
FAMILY_NAME = _("%(label)sの「姓」を入力してください。姓と名に分けられないときは、一つの欄に入力してください")
GIVEN_NAME = _("%(label)sの「名」を入力してください。姓と名に分けられないときは、一つの欄に入力してください")
NAME_TWICE = _("%(label)sは、姓と名の欄か、一つの欄の、どちらかだけに入力してください")
DATE_YEAR = _("%(label)sの「年」を入力してください")
DATE_MONTH = _("%(label)sの「月」を入力してください")
DATE_DAY = _("%(label)sの「日」を入力してください")
DATE_NUMBER = _("%(label)sは数字で入力してください")
DATE_PAST = _("%(label)sは、今日より前の日付にしてください")
DATE_PAST_OR_TODAY = _("%(label)sは、今日までの日付にしてください")
DATE_FUTURE = _("%(label)sは、今日より後の日付にしてください")
DATE_EARLIEST = _("%(label)sは、%(bound)s以後の日付にしてください")
DATE_LATEST = _("%(label)sは、%(bound)s以前の日付にしてください")
POSTAL_CODE = _("郵便番号は7桁の数字で入力してください")
PREFECTURE = _("都道府県を入力してください")
CITY = _("市区町村を入力してください")
TOWN = _("町名・番地を入力してください")
PHONE_AREA = _("電話番号は、市外局番から入力してください")
PHONE_DIGITS = _("電話番号は、10桁か11桁の数字で入力してください")
EMAIL_AT = _("メールアドレスに「@」を入れてください")
EMAIL_PARTS = _("メールアドレスは、name@example.jp のように「@」の前と後ろを入力してください")
EMAIL_LETTERS = _("メールアドレスに使えない文字（%(character)s）が入っています")
NUMBER = _("%(label)sは数字で入力してください")
NUMBER_WHOLE = _("%(label)sは整数で入力してください。小数点は使えません")
NUMBER_DECIMALS = _("%(label)sの小数は%(decimals)s桁までです")
AT_LEAST = _("%(label)sは%(limit)s以上にしてください")
AT_MOST = _("%(label)sは%(limit)s以下にしてください")
YEN = _("%(label)sは「12,345円」のように、数字で入力してください")
OPTION_GONE = _("%(label)sを、表示されている中から選んでください")
CHOOSE_AT_LEAST = _("%(label)sを%(limit)sつ以上選んでください")
CHOOSE_AT_MOST = _("%(label)sは%(limit)sつまでです")
EXCLUSIVE = _("%(label)sで「%(option)s」を選ぶときは、ほかのものを外してください")
FILES_AT_MOST = _("%(label)sのファイルは%(limit)s個までです")
FILES_AT_LEAST = _("%(label)sのファイルを%(limit)s個以上選んでください")
POINT_OUTSIDE = _("%(label)sは、市内の場所を選んでください")
POINT_NUMBERS = _("%(label)sの緯度と経度を、両方とも数字で入力してください")
ROWS_AT_LEAST = _("%(label)sを%(limit)s件以上入力してください")
ROWS_AT_MOST = _("%(label)sは%(limit)s件までです")
CARD_DIFFERS = _("%(label)sがカードの情報と違います。もう一度カードを読み取ってください")
