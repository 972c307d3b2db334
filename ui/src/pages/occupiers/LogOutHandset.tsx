import { Button, Stack, Text } from "@mantine/core";
import { useId } from "react";
import { api } from "~/api/client";
import { useMe } from "~/api/me";
import { whyNotRemote } from "./whyNotRemote";
import type { Login } from "./TelephonyTab";
import { text } from "~/text/en";
import { useHandsetRequest } from "./useHandsetRequest";
import type { Occupier } from "./useOccupier";

/** `Logout handset`: for digital ones only, else with the reason why not (DB-03 to DB-05). */
export function LogOutHandset({ occupier, login }: { occupier: Occupier; login: Login }) {
  const me = useMe();
  const reasonId = useId();
  const request = useHandsetRequest(occupier.id, (key) =>
    api.POST("/api/v1/occupiers/{occupier_id}/handset-logins/{login_id}/logout", {
      params: {
        path: { occupier_id: occupier.id, login_id: login.id },
        header: { "idempotency-key": key },
      },
    }),
  );
  const why = whyNotRemote(login, occupier.status, me.data?.allowed_actions ?? []);
  const said = request.isUnderWay ? text.occupiers.telephony.loggingOut : why;
  return (
    <Stack gap={2} align="flex-end">
      <Button
        size="xs"
        variant="default"
        disabled={why !== undefined}
        loading={request.isUnderWay}
        aria-describedby={said && reasonId}
        onClick={request.ask}
      >
        {text.occupiers.telephony.logOut}
      </Button>
      <Text size="xs" id={reasonId} role="status">
        {said}
      </Text>
    </Stack>
  );
}
