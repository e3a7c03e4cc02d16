// Lists that change without moving what a finger may be on: elements stay as long as their key does.

/** The element inside of `root` that has this attribute. */
export function part<E extends HTMLElement = HTMLElement>(root: ParentNode, name: string): E | null {
  return root.querySelector<E>(`[data-${name}]`);
}

export function show(element: HTMLElement | null, shown: boolean): void {
  if (element && element.hidden === shown) element.hidden = !shown;
}

/** Words into every `data-f="name"` of `root` that no list below it owns. */
export function write(root: ParentNode, name: string, words: string): void {
  for (const element of root.querySelectorAll<HTMLElement>(`[data-f="${name}"]`)) {
    if (element.textContent !== words) element.textContent = words;
  }
}

export function template(root: ParentNode, name: string): HTMLElement {
  const found = root.querySelector<HTMLTemplateElement>(`template[data-t="${name}"]`);
  const first = found?.content.firstElementChild;
  if (!(first instanceof HTMLElement)) throw new Error(`no template ${name}`);
  return first.cloneNode(true) as HTMLElement;
}

/** Brings the children of `list` to `keys`, in this order: known ones stay, new ones are made, others go. */
export function list(list: HTMLElement, keys: string[], make: () => HTMLElement, fill: (element: HTMLElement, key: string) => void): void {
  const known = new Map<string, HTMLElement>();
  for (const child of [...list.children]) {
    if (!(child instanceof HTMLElement)) continue;
    const key = child.dataset["key"] ?? "";
    if (keys.includes(key) && !known.has(key)) known.set(key, child);
    else child.remove();
  }
  keys.forEach((key, place) => {
    let element = known.get(key);
    if (!element) {
      element = make();
      element.dataset["key"] = key;
    }
    if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
    fill(element, key);
  });
}
