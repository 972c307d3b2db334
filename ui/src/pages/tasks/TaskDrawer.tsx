import { Drawer } from "@mantine/core";
import { useLocation, useNavigate } from "react-router-dom";
import { TaskDetail } from "~/parts/tasks/TaskDetail";
import { text } from "~/text/en";

/** The task of the address, beside the list; closing it leaves the list as it was. */
export function TaskDrawer({ taskId }: { taskId: string | undefined }) {
  const { search } = useLocation();
  const navigate = useNavigate();
  return (
    <Drawer
      opened={taskId !== undefined}
      onClose={() => void navigate(`/tasks${search}`)}
      position="right"
      size="xl"
      title={text.tasks.detail}
      closeButtonProps={{ "aria-label": text.tasks.close }}
    >
      {taskId && <TaskDetail key={taskId} taskId={taskId} />}
    </Drawer>
  );
}
