import { Button, Menu, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useRef } from "react";
import { Link } from "react-router-dom";
import { text } from "~/text/en";
import { NewCaseForm } from "./NewCaseForm";

const { raise } = text.cases;

/** `New case`: first where the answer may be already, then `Create a support case`. */
export function NewCase() {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button ref={button} rightSection={<IconChevronDown size={16} aria-hidden />}>
            {raise.new}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{raise.lookFirst}</Menu.Label>
          <Menu.Item component={Link} to="/tasks">
            {raise.tasks}
          </Menu.Item>
          <Menu.Item component={Link} to="/systems">
            {raise.systems}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item fw={600} onClick={open}>
            {raise.create}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isOpen}
        onClose={close}
        returnFocus={false}
        onExitTransitionEnd={() => button.current?.focus()} // the menu's item is gone by then
        size="lg"
        title={text.cases.newCase}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <NewCaseForm onCancel={close} />
      </Modal>
    </>
  );
}
