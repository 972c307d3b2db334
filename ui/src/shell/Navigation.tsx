import { NavLink, Text } from "@mantine/core";
import {
  IconBuildingSkyscraper,
  IconCalendarEvent,
  IconHeartRateMonitor,
  IconHistory,
  IconLifebuoy,
  IconListCheck,
  IconProgressCheck,
  type Icon,
} from "@tabler/icons-react";
import { useId } from "react";
import { Link, useLocation } from "react-router-dom";
import { text } from "~/text/en";
import { isAt } from "./pageName";

interface Place {
  to: string;
  label: string;
  icon: Icon;
}

const { navigation } = text;

const OCCUPIERS: Place[] = [
  { to: "/occupiers", label: navigation.occupiers, icon: IconBuildingSkyscraper },
  { to: "/decommissions", label: navigation.decommissions, icon: IconProgressCheck },
  { to: "/schedules", label: navigation.schedule, icon: IconCalendarEvent },
];

const OPERATIONS: Place[] = [
  { to: "/tasks", label: navigation.tasks, icon: IconListCheck },
  { to: "/cases", label: navigation.support, icon: IconLifebuoy },
  { to: "/systems", label: navigation.systems, icon: IconHeartRateMonitor },
];

const RECORDS: Place[] = [{ to: "/audit", label: navigation.audit, icon: IconHistory }];

/** Where one can go; `onGo` as soon as somebody went. */
export function Navigation({ onGo }: { onGo: () => void }) {
  const heading = useId();
  return (
    <>
      <Links places={OCCUPIERS} onGo={onGo} />
      <div role="group" aria-labelledby={heading}>
        <Text id={heading} size="xs" fw={600} c="dimmed" px="sm" pt="md" pb={4}>
          {navigation.operations}
        </Text>
        <Links places={OPERATIONS} onGo={onGo} />
      </div>
      <hr className="navigation-line" />
      <Links places={RECORDS} onGo={onGo} />
    </>
  );
}

function Links({ places, onGo }: { places: Place[]; onGo: () => void }) {
  const { pathname } = useLocation();
  return places.map(({ to, label, icon: Icon }) => (
    <NavLink
      key={to}
      component={Link}
      to={to}
      label={label}
      leftSection={<Icon size={18} aria-hidden />}
      active={isAt(to, pathname)}
      aria-current={isAt(to, pathname) ? "page" : undefined}
      onClick={onGo}
    />
  ));
}
