/** Whether a typed name confirms: equal but for how accents are encoded (DD-06), as on the server. */
export function isSameName(typed: string, name: string): boolean {
  return typed.normalize("NFC") === name.normalize("NFC");
}
