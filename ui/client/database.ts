// The browser's database as promises: the little of it that we use. Everything rejects where the browser refuses it.

/** A database that does not open in this time is none. */
const OPEN_MS = 2_000;

export interface Table {
  name: string;
  keyPath: string[];
  index: string;
}

export class Database {
  #connection: IDBDatabase;

  private constructor(connection: IDBDatabase) {
    this.#connection = connection;
    // A later version of us in another tab must not wait for this one.
    connection.onversionchange = () => connection.close();
  }

  static async open(name: string, table: Table): Promise<Database> {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      const { keyPath, index } = table;
      opening.result.createObjectStore(table.name, { keyPath }).createIndex(index, index);
    };
    return new Database(await withinTime(result(opening)));
  }

  static async remove(name: string): Promise<void> {
    await withinTime(result(indexedDB.deleteDatabase(name)));
  }

  close(): void {
    this.#connection.close();
  }

  read<T>(table: string, run: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return result(run(this.#connection.transaction(table).objectStore(table)));
  }

  /** Resolves when all that `run` has asked for is committed. It may wait for nothing but its own requests. */
  write(table: string, run: (store: IDBObjectStore) => unknown): Promise<void> {
    return new Promise((done, fail) => {
      const transaction = this.#connection.transaction(table, 'readwrite');
      transaction.oncomplete = () => done();
      transaction.onabort = () => fail(transaction.error);
      Promise.resolve(run(transaction.objectStore(table))).catch(fail);
    });
  }
}

/** What a request brings. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

function withinTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((settle, fail) => {
    const timer = setTimeout(() => fail(new Error('too late')), OPEN_MS);
    promise.then(settle, fail).finally(() => clearTimeout(timer));
  });
}
