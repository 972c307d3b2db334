import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconRefresh, IconX } from "@tabler/icons-react";
import { useIsFetching } from "@tanstack/react-query";
import { useMe } from "~/api/me";
import type { Schemas } from "~/api/client";
import { Note } from "~/parts/Note";
import { CreateCase } from "~/parts/cases/CreateCase";
import { text } from "~/text/en";
import { ClearFailure } from "./ClearFailure";
import { productsBySite } from "./productsBySite";
import type { Occupier } from "./useOccupier";

type Service = Schemas["ServiceView"];

const { services: said } = text.occupiers;

/** What is told above the services: updates under way, once per site, and each that failed. */
export function UpdateNotices({
  occupier,
  services,
  onRefresh,
}: {
  occupier: Occupier;
  services: Service[];
  onRefresh: () => void;
}) {
  const updating = services.filter((each) => each.update_state === "updating");
  const failed = services.filter((each) => each.update_state === "failed");
  const isReading = useIsFetching({ queryKey: ["services", occupier.id] }) > 0;
  if (updating.length === 0 && failed.length === 0) return null;
  return (
    <Stack gap="sm" mb="md">
      {updating.length > 0 && (
        <Note role="status" color="yellow" icon={IconAlertTriangle} title={said.updating}>
          {[...productsBySite(updating)].map(([site, products]) => (
            <Text key={site} size="sm">
              {said.updatingAt(site, products.join(", "))}
            </Text>
          ))}
          <Group justify="space-between" mt="xs">
            <Text size="sm">{said.updatingHint}</Text>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              loading={isReading}
              onClick={onRefresh}
            >
              {text.occupiers.refresh}
            </Button>
          </Group>
        </Note>
      )}
      {failed.map((service) => (
        <Failed key={service.id} occupier={occupier} service={service} />
      ))}
    </Stack>
  );
}

function Failed({ occupier, service }: { occupier: Occupier; service: Service }) {
  const me = useMe();
  const may = (action: Schemas["Action"]) => me.data?.allowed_actions.includes(action) ?? false;
  return (
    <Note role="status" color="red" icon={IconX} title={said.failed}>
      <Text size="sm">
        {said.failedAt(service.product, service.site_name)}{" "}
        {service.failed_action && said.failedAction(service.failed_action)} {said.failedHint}
      </Text>
      <Group mt="xs" justify="flex-end">
        {may("service.clear_failure") && <ClearFailure service={service} occupier={occupier} />}
        {may("case.raise") && (
          <CreateCase
            about={{
              kind: "service",
              occupierId: occupier.id,
              serviceId: service.id,
              subject: said.failedCase,
            }}
          />
        )}
      </Group>
    </Note>
  );
}
