import { me } from "~/api/me";
import { queries } from "~/api/queries";
import { firstOccupiers } from "./occupiers/useOccupierList";

/** Asks for what the first page shows while it is still being drawn; the page finds it there. */
export async function askAhead({ pathname, search }: Location): Promise<void> {
  const isOccupiers = pathname === "/" || pathname.startsWith("/occupiers");
  await queries.prefetchQuery(me);
  if (isOccupiers && queries.getQueryData(me.queryKey)) {
    await queries.prefetchInfiniteQuery(firstOccupiers(new URLSearchParams(search)));
  }
}
