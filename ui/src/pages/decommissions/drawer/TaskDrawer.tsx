import { Anchor, Drawer, Stack } from "@mantine/core";
import { Link } from "react-router-dom";
import { aboutTask } from "~/parts/tasks/aboutTask";
import { TaskDetail } from "~/parts/tasks/TaskDetail";
import { useTask } from "~/parts/tasks/useTask";
import { text } from "~/text/en";

const words = text.progress.drawer;

/** One task beside the grid, with the way to the list of tasks. */
export function TaskDrawer({
  taskId,
  onClose,
}: {
  taskId: string | undefined;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={taskId !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={taskId && <Heading taskId={taskId} />}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {taskId && (
        <Stack gap="md">
          <Anchor component={Link} size="sm" to={`/tasks/${taskId}?created=all`}>
            {words.inTasks}
          </Anchor>
          <TaskDetail key={taskId} taskId={taskId} />
        </Stack>
      )}
    </Drawer>
  );
}

function Heading({ taskId }: { taskId: string }) {
  const task = useTask(taskId).data;
  return <bdi>{task ? aboutTask(task) : text.state.loading}</bdi>;
}
