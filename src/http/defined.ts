type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** The same object without the keys that are undefined: stages tell "not given" by a key that is not there. */
export function defined<T extends object>(object: T): Required<T> & Optional<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Required<T> & Optional<T>;
}
