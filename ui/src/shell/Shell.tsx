import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  Text,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBuildingSkyscraper,
  IconCalendarEvent,
  IconHeartRateMonitor,
  IconHistory,
  IconLifebuoy,
  IconListCheck,
  IconMoon,
  IconProgressCheck,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { Link, Outlet, useLocation } from "react-router-dom";
import type { Me } from "~/api/me";
import { signOut } from "~/api/session";
import { words } from "~/text/format";
import { text } from "~/text/en";

const PLACES = [
  { to: "/occupiers", label: text.navigation.occupiers, icon: IconBuildingSkyscraper },
  { to: "/decommissions", label: text.navigation.decommissions, icon: IconProgressCheck },
  { to: "/schedules", label: text.navigation.schedule, icon: IconCalendarEvent },
  { to: "/tasks", label: text.navigation.tasks, icon: IconListCheck },
  { to: "/cases", label: text.navigation.support, icon: IconLifebuoy },
  { to: "/systems", label: text.navigation.systems, icon: IconHeartRateMonitor },
  { to: "/audit", label: text.navigation.audit, icon: IconHistory },
];

/** What stands around every page: where one can go, who one is, light or dark. */
export function Shell({ me }: { me: Me }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between">
          <Group gap="sm">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={text.navigation.label}
            />
            <Text fw={700}>{text.product}</Text>
          </Group>
          <Group gap="xs">
            <ThemeSwitch />
            <Account me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={text.navigation.label}>
        {PLACES.map(({ to, label, icon: Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            leftSection={<Icon size={18} aria-hidden />}
            active={pathname === to || pathname.startsWith(`${to}/`)}
            aria-current={pathname.startsWith(to) ? "page" : undefined}
            onClick={close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function ThemeSwitch() {
  const { colorScheme, toggleColorScheme } = useMantineColorScheme();
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={text.session.theme}
      onClick={toggleColorScheme}
    >
      {colorScheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}

function Account({ me }: { me: Me }) {
  const role = me.is_super_admin
    ? text.session.superAdmin
    : me.staff_role
      ? words(me.staff_role)
      : text.session.teamMember;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={text.session.menu}>
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{role}</Menu.Label>
        <Menu.Item onClick={() => void signOut()}>{text.session.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
