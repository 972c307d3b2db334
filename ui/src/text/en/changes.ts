/** What every change says. */
export const changes = {
  cancel: "Cancel",
  close: "Close",
  submit: "Submit",
  ok: "OK",
  copy: "Copy",
  copied: "Copied",
  failed: "That did not work",
  lost: "The server did not answer. Press the button again: it is done at most once.",
} as const;
