/** The part of the console that shows a page did not come: no connection, or a newer version. */
export class PageNotFetched extends Error {
  constructor(cause: unknown) {
    super("the page could not be fetched", { cause });
    this.name = "PageNotFetched";
  }
}
