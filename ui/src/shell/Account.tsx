import { ActionIcon, Menu } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import type { Me } from "~/api/me";
import { signOut } from "~/api/session";
import { words } from "~/text/format";
import { text } from "~/text/en";

/** As whom one is here, and the way out. */
export function Account({ me }: { me: Me }) {
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
