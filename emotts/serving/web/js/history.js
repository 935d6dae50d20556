// What was spoken in this session of the browser: kept in the browser alone, until it is closed.
const COOKIE = "emotts_session", MOST_TAKES = 50, MOST_SAMPLES = 40_000_000;

// The session of the browser: tabs share it, and it ends with the browser.
function session() {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  if (found) return found.slice(COOKIE.length + 1);
  const made = [...crypto.getRandomValues(new Uint32Array(4))].map((number) => number.toString(16)).join("");
  document.cookie = `${COOKIE}=${made}; path=/; SameSite=Strict`;
  return made;
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("emotts", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("takes", { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// Does something with the store, and returns what it results in when it is on the disk.
async function withStore(mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction("takes", mode), request = work(transaction.objectStore("takes"));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

// Returns the takes of this session, the newest first; what others left is removed.
export async function readTakes() {
  const own = session(), all = await withStore("readonly", (store) => store.getAll());
  const takes = all.filter((take) => take.session === own).reverse();
  let samples = 0;
  const kept = takes.filter((take, place) => (samples += take.samples.length) <= MOST_SAMPLES && place < MOST_TAKES);
  const ids = new Set(kept.map((take) => take.id)), gone = all.filter((take) => !ids.has(take.id));
  if (gone.length) await withStore("readwrite", (store) => gone.forEach((take) => store.delete(take.id)));
  return kept;
}

// Keeps a take: {body, samples, rate}.
export async function keepTake(take) {
  await withStore("readwrite", (store) => store.add({ ...take, session: session() }));
}

export async function forgetTakes() {
  await withStore("readwrite", (store) => store.clear());
}
