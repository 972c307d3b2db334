import { useMe } from "~/api/me";
import { Paged, type Column, type Page, type PagedProps } from "~/parts/Paged";
import { text } from "~/text/en";
import { pace, type Occupier } from "./useOccupier";

/** One list of what an occupier holds: where it is read, and what of it is shown. */
export interface Holding<T> {
  noun: string;
  label: string;
  load: (occupierId: string, cursor: string | undefined) => Promise<Page<T>>;
  columns: Column<T>[];
  empty: string;
  /** The vendor's staff are shown none of these. */
  isPersonal?: boolean;
  minWidth?: number;
}

type More<T> = Partial<Pick<PagedProps<T>, "above" | "actions" | "refreshes" | "isPart">>;

/** A list of what an occupier holds; follows along while a decommission takes it away. */
export function HoldingTable<T extends { id: string }>({
  holding,
  occupier,
  ...more
}: { holding: Holding<T>; occupier: Occupier } & More<T>) {
  const me = useMe();
  const isHidden = holding.isPersonal && me.data?.sees_names === false;
  return (
    <Paged
      label={holding.label}
      queryKey={[holding.noun, occupier.id]}
      load={(cursor) => holding.load(occupier.id, cursor)}
      columns={holding.columns}
      empty={holding.empty}
      emptyHint={isHidden ? text.empty.notShown : undefined}
      minWidth={holding.minWidth}
      refreshes={pace(occupier.status)}
      {...more}
    />
  );
}
