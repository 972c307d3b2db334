import { Badge, Button, Group, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import { useSiteOf } from "~/parts/sites/useSiteOf";
import { moment, words } from "~/text/format";
import { text } from "~/text/en";
import { HoldingTable, type Holding } from "./HoldingTable";
import { asking } from "./holdings";
import { LogOutHandset } from "./LogOutHandset";
import { Name } from "./Name";
import { useHandsetRequest } from "./useHandsetRequest";
import { pace, type Occupier } from "./useOccupier";

type PhoneNumber = Schemas["NumberView"];
export type Login = Schemas["HandsetLoginOut"];

const { columns, occupiers } = text;
const { telephony: said } = occupiers;

const NUMBERS: Omit<Holding<PhoneNumber>, "columns"> = {
  noun: "phone-numbers",
  label: occupiers.tabs.telephony,
  load: (id, cursor) =>
    read(api.GET("/api/v1/occupiers/{occupier_id}/phone-numbers", asking(id, cursor))),
  empty: text.empty.numbers,
  minWidth: 820,
};

/** Numbers with their users and handsets, and what may be done about a handset (DB-03 to 06). */
export function TelephonyTab({ occupier }: { occupier: Occupier }) {
  const logins = useLogins(occupier);
  const siteOf = useSiteOf();
  const since = (login: Login) =>
    said.since(moment(login.logged_in_at, siteOf(login.site_id)?.time_zone));
  const holding: Holding<PhoneNumber> = {
    ...NUMBERS,
    columns: [
      { title: columns.number, cell: (each) => <Number number={each} /> },
      { title: columns.extension, cell: (each) => each.extension },
      { title: columns.site, cell: (each) => each.site_name },
      { title: columns.user, cell: (each) => each.user_name && <Name name={each.user_name} /> },
      { title: columns.state, cell: (each) => words(each.state) },
      {
        title: columns.handset,
        cell: (each) => {
          const login = logins.get(each.login_id ?? "");
          return <Handset number={each} since={login && since(login)} />;
        },
      },
    ],
  };
  return (
    <HoldingTable
      holding={holding}
      occupier={occupier}
      above={(numbers) => numbers.length > 0 && <LookAgain occupier={occupier} />}
      actions={(each) => {
        const login = logins.get(each.login_id ?? "");
        return login && <LogOutHandset key={login.id} occupier={occupier} login={login} />;
      }}
    />
  );
}

function useLogins(occupier: Occupier): Map<string, Login> {
  const found = useQuery({
    queryKey: ["handset-logins", occupier.id],
    queryFn: () =>
      read(
        api.GET("/api/v1/occupiers/{occupier_id}/handset-logins", {
          params: { path: { occupier_id: occupier.id } },
        }),
      ),
    refetchInterval: pace(occupier.status),
  });
  return new Map((found.data?.items ?? []).map((login) => [login.id, login]));
}

function Number({ number }: { number: PhoneNumber }) {
  return (
    <>
      <Name name={number.number ?? said.unnamed} more={number.label} />
      {number.is_main && (
        <div>
          <Badge variant="filled" color="gray.7" tt="none" miw="max-content">
            {said.main}
          </Badge>
        </div>
      )}
    </>
  );
}

function Handset({ number, since }: { number: PhoneNumber; since?: string }) {
  if (!number.login_id) return said.out;
  const kind = number.device_class ? said.classes[number.device_class] : said.unknownClass;
  return (
    <>
      <Name name={number.handset ?? ""} more={kind} />
      <Text size="xs">{since}</Text>
    </>
  );
}

/** `Refresh`: asks the telephony system, so that a logout at the handset counts at once. */
function LookAgain({ occupier }: { occupier: Occupier }) {
  const look = useHandsetRequest(occupier.id, (key) =>
    api.POST("/api/v1/occupiers/{occupier_id}/decommission/refresh", {
      params: { path: { occupier_id: occupier.id }, header: { "idempotency-key": key } },
    }),
  );
  if (!occupier.allowed_actions.includes("occupier.edit")) return null;
  return (
    <Group justify="flex-end" mb="xs">
      <Text size="sm" role="status">
        {look.isUnderWay ? said.refreshing : said.refreshHint}
      </Text>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        loading={look.isUnderWay}
        onClick={look.ask}
      >
        {occupiers.refresh}
      </Button>
    </Group>
  );
}
