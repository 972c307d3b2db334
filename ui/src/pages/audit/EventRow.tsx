import { ActionIcon, Anchor, Badge, Group, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight, IconFilter } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import type { Changes } from "~/parts/filters/useFilters";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { EventFacts } from "./EventFacts";
import { actionName, placeOf, reasonName, subjectName } from "./subject";
import type { AuditEvent } from "./useAudit";

const { audit: labels } = text;
const COLUMNS = Object.keys(labels.columns).length;

/** One event, and all that it tells below it on demand. */
export function EventRow({
  event,
  who,
  onFilter,
}: {
  event: AuditEvent;
  who: string;
  onFilter: (changes: Changes) => void;
}) {
  const [isOpen, { toggle }] = useDisclosure();
  const what = actionName(event.action);
  const place = placeOf(event);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      <Table.Tr>
        <Table.Td className="audit-moment">
          <Moment at={event.at} />
        </Table.Td>
        <Table.Td>
          <Narrowed what={who} onFilter={() => onFilter({ actor: event.actor })}>
            <Text size="sm">{who}</Text>
          </Narrowed>
        </Table.Td>
        <Table.Td>
          <Text size="sm">{what}</Text>
          {event.outcome === "refused" && (
            <Group gap={6}>
              <Badge color="red" variant="filled" size="sm" tt="none">
                {labels.refused}
              </Badge>
              {event.reason && <Text size="xs">{reasonName(event.reason)}</Text>}
            </Group>
          )}
        </Table.Td>
        <Table.Td>
          {place ? (
            <Anchor size="sm" component={Link} to={place}>
              {subjectName(event)}
            </Anchor>
          ) : (
            <Text size="sm">{subjectName(event)}</Text>
          )}
        </Table.Td>
        <Table.Td>
          {event.occupier_id && (
            <Narrowed
              what={event.occupier_name ?? event.occupier_id}
              onFilter={() => onFilter({ occupier_id: event.occupier_id })}
            >
              <Anchor size="sm" component={Link} to={`/occupiers/${event.occupier_id}`}>
                <bdi className="given-name">
                  {event.occupier_name ?? event.occupier_id.slice(0, 8)}
                </bdi>
              </Anchor>
            </Narrowed>
          )}
        </Table.Td>
        <Table.Td>
          <ActionIcon
            variant="default"
            size="sm"
            aria-expanded={isOpen}
            aria-label={isOpen ? labels.hide(what) : labels.show(what)}
            onClick={toggle}
          >
            <Chevron size={14} aria-hidden />
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {isOpen && (
        <Table.Tr className="audit-facts">
          <Table.Td colSpan={COLUMNS}>
            <EventFacts event={event} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

/** Something with a button that shows only events of the same. */
function Narrowed({
  what,
  onFilter,
  children,
}: {
  what: string;
  onFilter: () => void;
  children: ReactNode;
}) {
  return (
    <Group gap={4} wrap="nowrap">
      {children}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="xs"
        aria-label={labels.onlyThis(what)}
        title={labels.onlyThis(what)}
        onClick={onFilter}
      >
        <IconFilter size={12} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
