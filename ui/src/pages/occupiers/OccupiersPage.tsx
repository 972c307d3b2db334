import { Paper, Title } from "@mantine/core";
import { Navigate, useParams, useSearchParams } from "react-router-dom";
import { text } from "~/text/en";
import { OccupierList } from "./OccupierList";
import { OccupierView } from "./OccupierView";
import { useOccupierList } from "./useOccupierList";

/** The list on the left, one occupier on the right: the first one when the address names none. */
export function OccupiersPage() {
  const { occupierId, tab } = useParams();
  const [asked] = useSearchParams();
  const listing = useOccupierList();
  const first = listing.pages.isPlaceholderData ? undefined : listing.items[0];
  if (!occupierId && first) {
    return <Navigate to={`/occupiers/${first.id}/contracts?${asked}`} replace />;
  }
  return (
    <div className="occupiers">
      <Paper withBorder p="sm" className="occupier-panel">
        <Title order={1} size="h4" mb="xs">
          {text.occupiers.title}
        </Title>
        <a className="skip" href="#occupier">
          {text.occupiers.skipList}
        </a>
        <OccupierList listing={listing} chosen={occupierId} tab={tab} />
      </Paper>
      <div id="occupier" tabIndex={-1}>
        {occupierId && <OccupierView key={occupierId} occupierId={occupierId} tab={tab} />}
      </div>
    </div>
  );
}
