// What the page's own storage keeps, from the first opening on: that the visitor has opened the chat, and whether it stands
// open. It is also how tabs of one site stay equal. Before the first opening nothing is written.

/** A panel that was left open longer ago than this stays closed: nobody wants last week's chat over the page. */
const STAYS_OPEN_MS = 30 * 60_000;

export interface Memory {
  /** Whether it stands open. Null: never opened here, or the browser keeps nothing. */
  read(): boolean | null;
  write(open: boolean): void;
  clear(): void;
  /** Another tab wrote, or cleared everything. */
  concerns(event: StorageEvent): boolean;
}

export function memoryOf(base: string): Memory {
  const key = `minicom:${base}`;
  // Even to touch it throws where storage is blocked; then each page begins closed.
  const attempt = <T>(run: () => T): T | null => {
    try {
      return run();
    } catch {
      return null;
    }
  };
  return {
    read: () =>
      attempt(() => {
        const value = localStorage.getItem(key);
        // The time of the last sign of a panel that is open; 0 for a closed one.
        return value && Date.now() - Number(value) < STAYS_OPEN_MS;
      }) as boolean | null,
    write: (open) => attempt(() => localStorage.setItem(key, `${open ? Date.now() : 0}`)),
    clear: () => attempt(() => localStorage.removeItem(key)),
    concerns: (event) => event.key === key || event.key === null,
  };
}
