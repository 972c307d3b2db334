import { Modal } from "@mantine/core";
import { createContext, useContext, useState, type ReactNode } from "react";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { CancelSchedule } from "./CancelSchedule";
import { RescheduleForm } from "./RescheduleForm";
import { useSchedule, type FoundSchedule } from "./useSchedules";

const words = text.schedule;

const FORMS = {
  reschedule: { title: words.rescheduleTitle, Form: RescheduleForm },
  cancel: { title: words.cancelTitle, Form: CancelSchedule },
} as const;

type Ask = (what: keyof typeof FORMS, scheduleId: string) => void;

const Asking = createContext<Ask>(() => undefined);

/** Opens the dialog about a schedule. */
export const useScheduleDialog = () => useContext(Asking);

/**
 * The one dialog of the page. It stands outside the list, as a schedule that somebody else moves
 * goes to another day there, and the dialog has to stay and tell of that.
 */
export function ScheduleDialog({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<{ what: keyof typeof FORMS; scheduleId: string }>();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const { title, Form } = FORMS[asked?.what ?? "reschedule"];
  return (
    <Asking.Provider
      value={(what, scheduleId) => {
        setAsked({ what, scheduleId });
        setOpen(true);
      }}
    >
      {children}
      <Modal
        opened={isOpen}
        onClose={close}
        title={title}
        size="lg"
        closeButtonProps={{ "aria-label": words.close }}
      >
        {asked && (
          <Read scheduleId={asked.scheduleId}>
            {(found) => <Form found={found} onClose={close} />}
          </Read>
        )}
      </Modal>
    </Asking.Provider>
  );
}

/** The schedule as it is at this moment, with its tag. */
function Read({
  scheduleId,
  children,
}: {
  scheduleId: string;
  children: (found: FoundSchedule) => ReactNode;
}) {
  const schedule = useSchedule(scheduleId);
  if (schedule.isError && !schedule.data) {
    return <Trouble error={schedule.error} onRetry={() => schedule.refetch()} />;
  }
  // What an earlier dialog has read may be old: this one begins with what is so now.
  if (!schedule.data || !schedule.isFetchedAfterMount) return <Loading />;
  return children(schedule.data);
}
