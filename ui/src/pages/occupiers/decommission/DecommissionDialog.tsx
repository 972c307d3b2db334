import { Modal, Text } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { DecommissionForm } from "./DecommissionForm";
import type { Entered } from "./hindrance";
import type { Done } from "./requests";

/** The dialog `Decommission occupier`; only its own buttons and Escape close it, no stray click. */
export function DecommissionDialog({
  occupier,
  isOpen,
  draft,
  onClose,
  onDone,
}: {
  occupier: Schemas["OccupierDetailOut"];
  isOpen: boolean;
  draft?: Entered;
  onClose: () => void;
  onDone: (done: Done, preview: Schemas["PreviewOut"]) => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const leave = () => {
    if (!isBusy) onClose();
  };
  // Mantine's own handling would close this together with a dialog that stands above it.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    if (!event.currentTarget.contains(target)) return;
    if (target.dataset.mantineStopPropagation !== "true") leave();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={leave}
      onKeyDown={onKeyDown}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={<Text fw={700}>{text.decommission.title}</Text>}
      size="72rem"
      classNames={{ content: "decommission-content" }}
      closeButtonProps={{ "aria-label": text.decommission.close }}
    >
      <DecommissionForm
        occupier={occupier}
        draft={draft}
        onBusy={setBusy}
        onClose={leave}
        onDone={onDone}
      />
    </Modal>
  );
}
