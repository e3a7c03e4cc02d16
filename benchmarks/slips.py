"""Pages of payment slips per CPU-second: Souto (typst and zxing-cpp) beside WeasyPrint and segno, in one run.

    python -m benchmarks.slips --pages 2000 --json
    python -m benchmarks.slips --instance slips.json --peer-pages 200

Both start from the same slips in memory and end with PDF bytes; each runs alone in a fresh process, warmed up by one page. Souto prints
all pages; the peer, which is slower by far, prints the first ``--peer-pages`` of the same list (its speed does not depend on their
number, see docs/reference/benchmarks.md). A sample of pages of both is read back: every word of the slip, and the QR code by OpenCV.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import souto
from benchmarks import slips_weasyprint
from benchmarks.contest import Run, alone, last_line
from benchmarks.slips_work import InstanceError, from_file, made_up
from souto.foundation.documents.typesetting import FontSet, FontsMissingError
from souto.kernel.errors import SoutoError
from souto.services.payments.slips import Slip, render_bulk
from souto.services.payments.slips.face import wording

AIM = 20.0
FONTS = Path(souto.__file__).parent / "foundation" / "ui" / "static" / "souto" / "fonts"
SAMPLE = 5
"""Pages of each contender that are read back."""


def prepare_souto(slips: list[Slip], fonts_folder: str, chunk: int) -> Callable[[], list[bytes]]:
    """Load fonts and warm up with one page; then the work, counted: one PDF for every ``chunk`` slips."""
    fonts = FontSet.at(Path(fonts_folder))
    list(render_bulk(slips[:1], fonts))
    return lambda: list(render_bulk(slips, fonts, chunk))


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 if the aim is met (or no peer was asked for), 1 if not, 2 if it could not run."""
    options = _options(arguments)
    try:
        fonts = FontSet.at(options.fonts)
    except FontsMissingError as missing:
        print(
            f"{missing}\nLooked in {options.fonts}; run scripts/build, or name another folder with --fonts.",
            file=sys.stderr,
        )
        return 2
    if options.save:
        options.save.mkdir(parents=True, exist_ok=True)
    try:
        slips = from_file(options.instance, options.pages) if options.instance else made_up(options.pages or 2000)
        own = alone(prepare_souto, slips, str(options.fonts), options.chunk)
    except (InstanceError, SoutoError, RuntimeError) as failure:
        print(failure, file=sys.stderr)
        return 2
    figures: dict[str, Any] = _report("souto", "Souto: typst, zxing-cpp", own, slips, fonts, options.save)
    met = True
    if "weasyprint" in options.peers:
        some = slips[: options.peer_pages]
        try:
            peer = alone(slips_weasyprint.prepare, some, str(options.fonts), options.peer_chunk)
        except RuntimeError as failure:
            print(failure, file=sys.stderr)
            if options.json:
                print(last_line("slips", {**figures, "ratio": None}, {"ratio": AIM}, met=False))
            return 2
        print(f"The peer prints the first {len(some)} of the {len(slips)} slips, {options.peer_chunk} to a document.")
        figures |= _report("weasyprint", "WeasyPrint, segno", peer, some, fonts, options.save)
        figures["ratio"] = round(figures["souto_pages_per_cpu_second"] / figures["weasyprint_pages_per_cpu_second"], 1)
        met = figures["ratio"] >= AIM
        print(f"Souto prints {figures['ratio']} times as many pages in a CPU-second (aim {AIM:g}).")
    if options.json:
        print(last_line("slips", figures, {"ratio": AIM}, met=met))
    return 0 if met else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.slips", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--pages", type=int, help="slips that Souto prints (2000, or as many as the instance has)")
    parser.add_argument(
        "--peers", nargs="*", default=["weasyprint"], choices=["weasyprint"], help="whom to run beside Souto"
    )
    parser.add_argument("--peer-pages", type=int, default=200, help="slips that a peer prints, of the same list")
    parser.add_argument("--chunk", type=int, default=500, help="slips in one of Souto's documents")
    parser.add_argument(
        "--peer-chunk", type=int, default=slips_weasyprint.CHUNK, help="slips in one of the peer's documents"
    )
    parser.add_argument(
        "--instance", type=Path, help="a JSON file with a list of slips to print in place of made-up ones"
    )
    parser.add_argument("--fonts", type=Path, default=FONTS, help="the folder with the fonts of the build")
    parser.add_argument("--save", type=Path, help="keep the first document of each contender in this folder")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args(arguments)


def _report(name: str, title: str, run: Run, slips: list[Slip], fonts: FontSet, save: Path | None) -> dict[str, float]:
    """Print and give the figures of one contender, after reading back a sample of its pages.

    Raises:
        SystemExit: a page is missing, or does not say what its slip says.
    """
    if save:
        (save / f"{name}.pdf").write_bytes(run.made[0])
    wrong = faults(run.made, slips, fonts)
    if wrong:
        raise SystemExit(f"{title}: " + "; ".join(wrong))
    rate = len(slips) / run.seconds
    size = sum(map(len, run.made)) / len(slips)
    print(
        f"{title:26} {len(slips):6} pages {run.seconds:8.2f} CPU-s {rate:8.1f} pages/CPU-s"
        f" {size / 1000:6.1f} kB/page {run.peak_mib:6.0f} MiB at most"
    )
    return {
        f"{name}_pages": len(slips),
        f"{name}_cpu_seconds": round(run.seconds, 3),
        f"{name}_pages_per_cpu_second": round(rate, 1),
        f"{name}_bytes_per_page": round(size),
        f"{name}_peak_mib": round(run.peak_mib),
    }


def faults(documents: list[bytes], slips: list[Slip], fonts: FontSet) -> list[str]:
    """What is wrong with the documents: their number of pages, and on a sample the words (each as often as the form has it) and the QR code."""
    import cv2
    import numpy as np
    import pypdfium2

    opened = [pypdfium2.PdfDocument(BytesIO(document)) for document in documents]
    pages = [page for document in opened for page in document]
    if len(pages) != len(slips):
        return [f"{len(pages)} pages for {len(slips)} slips"]
    found = []
    for index in sorted({round(place * (len(pages) - 1) / max(1, SAMPLE - 1)) for place in range(SAMPLE)}):
        text = "".join(pages[index].get_textpage().get_text_range().split()).replace("\u200b", "")
        for word, times in expected(slips[index], fonts).items():
            if text.count(word) < times:
                found.append(f"page {index + 1} says {word!r} {text.count(word)} times in place of {times}")
        picture = np.array(pages[index].render(scale=300 / 72, grayscale=True).to_pil())
        if cv2.QRCodeDetectorAruco().detectAndDecode(picture)[0] != slips[index].issued.code.text():
            found.append(f"page {index + 1}: the QR code cannot be read")
    return found


def expected(slip: Slip, fonts: FontSet) -> dict[str, int]:
    """The words that a page must say, without spaces, and how often at least."""
    words = wording(slip, fonts)
    listed = {
        words["payer"]: 4,
        words["item"]: 4,
        words["reference"]: 4,
        words["amount"]: 4,
        words["due"][0]: 4,
        words["due"][1]: 4,
        words["until"][0]: 4,
        words["until"][1]: 4,
        words["case_key"]: 3,
        words["confirmation"]: 3,
        "納付のお知らせ": 1,
        "納入済通知書": 1,
        "領収証書": 1,
        "領収日付印": 3,
        **({"見本": 4} if slip.specimen else {}),
    }
    return {"".join(word.split()).replace("\u200b", ""): times for word, times in listed.items()}


if __name__ == "__main__":
    sys.exit(main())
