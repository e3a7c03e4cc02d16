// What the tablet keeps through reload, crash and empty battery: the outbox and the last sheet of each vehicle, in IndexedDB.
import type { Kept, Result, Row } from "./types";

const NAME = "souto-drive";
const VERSION = 1;

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const made = asked.result;
      if (!made.objectStoreNames.contains("outbox")) made.createObjectStore("outbox", { keyPath: "id" });
      if (!made.objectStoreNames.contains("sheets")) made.createObjectStore("sheets", { keyPath: "key" });
    };
    asked.onsuccess = () => {
      const made = asked.result;
      const forget = (): void => {
        opened = null;
      };
      made.onversionchange = () => {
        made.close();
        forget();
      };
      made.onclose = forget;
      resolve(made);
    };
    asked.onerror = () => reject(asked.error ?? new Error("IndexedDB"));
    asked.onblocked = () => reject(new Error("IndexedDB blocked"));
  });
  opened.catch(() => {
    opened = null;
  });
  return opened;
}

/** One transaction; over when it is on disk. */
async function change(stores: string[], write: (transaction: IDBTransaction) => void): Promise<void> {
  const base = await database();
  await new Promise<void>((resolve, reject) => {
    const transaction = base.transaction(stores, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error("IndexedDB"));
    transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB"));
    write(transaction);
  });
}

async function all<Kind>(store: string): Promise<Kind[]> {
  const base = await database();
  return new Promise<Kind[]>((resolve, reject) => {
    const asked = base.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => resolve(asked.result as Kind[]);
    asked.onerror = () => reject(asked.error ?? new Error("IndexedDB"));
  });
}

/** Every row of the outbox, in the order of the taps. */
export async function rows(): Promise<Row[]> {
  return (await all<Row>("outbox")).sort((a, b) => a.number - b.number || a.at.localeCompare(b.at));
}

/** The sheets of the vehicles that this tablet has shown. */
export function sheets(): Promise<Kept[]> {
  return all<Kept>("sheets");
}

export function put(fresh: Row[]): Promise<void> {
  return change(["outbox"], (transaction) => {
    for (const row of fresh) transaction.objectStore("outbox").put(row);
  });
}

export function remove(ids: string[]): Promise<void> {
  return change(["outbox"], (transaction) => {
    for (const id of ids) transaction.objectStore("outbox").delete(id);
  });
}

export function keep(kept: Kept): Promise<void> {
  return change(["sheets"], (transaction) => {
    transaction.objectStore("sheets").put(kept);
  });
}

export function forgetSheets(keys: string[]): Promise<void> {
  return change(["sheets"], (transaction) => {
    for (const key of keys) transaction.objectStore("sheets").delete(key);
  });
}

/**
 * What the server answered: rows that it has go, rows that it refuses stay and say why, and the sheet that already holds the stored ones comes
 * in the same transaction, so that no tap is ever counted twice or not at all.
 */
export function settle(sent: Row[], results: Result[], kept: Kept | null): Promise<void> {
  const answers = new Map(results.map((result) => [result.id, result]));
  return change(["outbox", "sheets"], (transaction) => {
    const outbox = transaction.objectStore("outbox");
    for (const row of sent) {
      const answer = answers.get(row.id);
      if (!answer) continue;
      if (answer.stored) outbox.delete(row.id);
      else outbox.put({ ...row, state: "refused", reason: answer.reason ?? "unreadable", words: answer.words ?? "" });
    }
    if (kept) transaction.objectStore("sheets").put(kept);
  });
}
