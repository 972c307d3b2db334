export interface Place {
  row: number;
  column: number;
}

const PAGE_ROWS = 10;

/** Where a key leads in a grid; `undefined` for a key that does not move. */
export function moved(
  at: Place,
  { key, isControl }: { key: string; isControl: boolean },
  size: { rows: number; columns: number },
): Place | undefined {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const to = (row: number, column: number): Place => ({
    row: Math.max(0, Math.min(row, last.row)),
    column: Math.max(0, Math.min(column, last.column)),
  });
  switch (key) {
    case "ArrowUp":
      return to(at.row - 1, at.column);
    case "ArrowDown":
      return to(at.row + 1, at.column);
    case "ArrowLeft":
      return to(at.row, at.column - 1);
    case "ArrowRight":
      return to(at.row, at.column + 1);
    case "PageUp":
      return to(at.row - PAGE_ROWS, at.column);
    case "PageDown":
      return to(at.row + PAGE_ROWS, at.column);
    case "Home":
      return isControl ? to(0, 0) : to(at.row, 0);
    case "End":
      return isControl ? to(last.row, last.column) : to(at.row, last.column);
    default:
      return undefined;
  }
}
