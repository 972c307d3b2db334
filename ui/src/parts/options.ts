/** The words of an API's values as a box offers them, in the order in which they are written. */
export function optionsOf<Value extends string>(words: Readonly<Record<Value, string>>) {
  return (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value] }));
}

/** So many a box offers at once; of a thousand sites the rest is found by typing. */
export const MOST_OFFERED = 200;
