import { Group, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { connection } from "~/api/connection";
import { text } from "~/text/en";

/** A bar that is there while the server cannot be reached; what is shown is read again after. */
export function Connection() {
  const isLost = useSyncExternalStore(connection.subscribe, connection.isLost);
  const queries = useQueryClient();
  useEffect(() => {
    const heal = () => void queries.invalidateQueries();
    window.addEventListener("offline", connection.lost);
    window.addEventListener("online", heal);
    return () => {
      window.removeEventListener("offline", connection.lost);
      window.removeEventListener("online", heal);
    };
  }, [queries]);
  return (
    <div role="status" className="connection">
      {isLost && (
        <Group gap="xs" px="md" py={6} wrap="nowrap" className="connection-lost">
          <IconPlugConnectedX size={18} aria-hidden />
          <Text size="sm">
            <strong>{text.state.offline}.</strong> {text.state.offlineHint}
          </Text>
        </Group>
      )}
    </div>
  );
}
