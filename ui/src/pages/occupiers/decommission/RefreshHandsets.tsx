import { Button, Text } from "@mantine/core";
import { api } from "~/api/client";
import { text } from "~/text/en";
import { useHandsetRequest } from "../useHandsetRequest";

const { blockers: said } = text.decommission;

/** Asks the telephony system which numbers are still logged in; then the preview is read again. */
export function RefreshHandsets({ occupierId }: { occupierId: string }) {
  const request = useHandsetRequest(occupierId, (key) =>
    api.POST("/api/v1/occupiers/{occupier_id}/decommission/refresh", {
      params: { path: { occupier_id: occupierId }, header: { "idempotency-key": key } },
    }),
  );
  return (
    <>
      <Button size="xs" variant="default" loading={request.isUnderWay} onClick={request.ask}>
        {said.refresh}
      </Button>
      <Text size="sm" role="status">
        {request.isUnderWay && said.looking}
      </Text>
    </>
  );
}
