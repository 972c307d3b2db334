import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBuildingOff } from "@tabler/icons-react";
import { text } from "~/text/en";
import { ChooseSite } from "./ChooseSite";

/** The way into the closing of a site: first, which. */
export function CloseSiteButton() {
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconBuildingOff size={18} aria-hidden />}
        onClick={open}
      >
        {text.closure.open}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={text.closure.chooseTitle}
        closeButtonProps={{ "aria-label": text.changes.cancel }}
      >
        <ChooseSite />
      </Modal>
    </>
  );
}
