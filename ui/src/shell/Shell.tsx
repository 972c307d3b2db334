import { ActionIcon, AppShell, Burger, Group, Text, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { useRef, type KeyboardEvent } from "react";
import { Outlet, useLocation } from "react-router-dom";
import type { Me } from "~/api/me";
import { text } from "~/text/en";
import { Account } from "./Account";
import { Connection } from "./Connection";
import { Navigation } from "./Navigation";
import { PageTrouble } from "./PageTrouble";
import { useArrival } from "./useArrival";

const NAVIGATION = "navigation";

/** What stands around every page: where one can go, who one is, light or dark. */
export function Shell({ me }: { me: Me }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const burger = useRef<HTMLButtonElement>(null);
  const content = useArrival();
  const { key } = useLocation();

  const closeByKey = (event: KeyboardEvent) => {
    if (!isOpen || event.key !== "Escape") return;
    close();
    burger.current?.focus();
  };
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 190, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault(); // the address is the page's, without a part of it
          content.current?.focus();
        }}
      >
        {text.skip}
      </a>
      <AppShell.Header px="md" onKeyDown={closeByKey}>
        <Group h="100%" justify="space-between">
          <Group gap="sm">
            <Burger
              ref={burger}
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={text.navigation.menu}
              aria-expanded={isOpen}
              aria-controls={NAVIGATION}
            />
            <Text fw={700}>{text.product}</Text>
          </Group>
          <Group gap="xs">
            <ThemeSwitch />
            <Account me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        id={NAVIGATION}
        p="xs"
        aria-label={text.navigation.label}
        mod={{ open: isOpen }}
        onKeyDown={closeByKey}
      >
        <Navigation onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} ref={content} onFocus={close}>
        <Connection />
        <PageTrouble visit={key}>
          <Outlet />
        </PageTrouble>
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
