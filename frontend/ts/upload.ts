import { announce, csrfToken, onContent } from "./dom";

/**
 * `<div class="s-upload" data-upload="URL">` with a file input and a list `[data-upload-list]`: each chosen or dropped file is sent
 * by itself as `file`, with its progress. The server answers 200 or 422 with the `<li class="s-upload__file">` to show
 * (template `ui/components/upload_file.html`); the form then carries the server's id, so a file survives pages and errors.
 * Without a script the input is an ordinary part of the form.
 */
export function startUploads(): void {
  onContent((root) => {
    for (const area of root.querySelectorAll<HTMLElement>("[data-upload]")) watch(area);
  });
}

function watch(area: HTMLElement): void {
  const input = area.querySelector<HTMLInputElement>('input[type="file"]');
  const list = area.querySelector<HTMLElement>("[data-upload-list]");
  if (!input || !list || area.dataset["watched"] !== undefined) return;
  area.dataset["watched"] = "";
  let queue = Promise.resolve();
  const take = (files: Iterable<File>): void => {
    for (const file of files) queue = queue.then(() => send(area, input, list, file));
    queue = queue.then(() => {
      input.value = "";
    });
  };
  input.addEventListener("change", () => take([...(input.files ?? [])]));
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.dataset["over"] = "";
  });
  area.addEventListener("dragleave", () => delete area.dataset["over"]);
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    delete area.dataset["over"];
    take([...(event.dataTransfer?.files ?? [])]);
  });
}

function send(area: HTMLElement, input: HTMLInputElement, list: HTMLElement, file: File): Promise<void> {
  const row = waiting(file, area.dataset["uploadSending"] ?? "");
  list.append(row.element);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", area.dataset["upload"] ?? "");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) row.bar.value = event.loaded / event.total;
    };
    request.onload = () => {
      if (request.status === 200 || request.status === 422) {
        if (request.status === 200 && !input.multiple) replaceOthers(list, row.element);
        row.element.outerHTML = request.responseText;
        const told = list.lastElementChild?.textContent?.replace(/\s+/g, " ").trim();
        if (told) announce(told);
      } else fail();
      done();
    };
    const fail = (): void => {
      row.element.classList.add("s-upload__file--wrong");
      row.bar.remove();
      row.words.className = "s-upload__problem";
      row.words.textContent = area.dataset["uploadFailed"] ?? document.body.dataset["failed"] ?? "";
      announce(row.words.textContent);
    };
    request.onerror = () => {
      fail();
      done();
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

function replaceOthers(list: HTMLElement, keep: HTMLElement): void {
  for (const other of [...list.children]) if (other !== keep) other.remove();
}

function waiting(file: File, sending: string): { element: HTMLElement; bar: HTMLProgressElement; words: HTMLElement } {
  const element = document.createElement("li");
  element.className = "s-upload__file";
  const name = document.createElement("span");
  name.className = "s-upload__name";
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.className = "s-progress__bar";
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const words = document.createElement("span");
  words.textContent = sending;
  element.append(name, bar, words);
  return { element, bar, words };
}
