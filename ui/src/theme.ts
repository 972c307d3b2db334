import { createTheme, type MantineColorsTuple } from "@mantine/core";
import { text } from "~/text/en";

/** Ten steps of the product's blue; the eighth has enough contrast for small text on white. */
const harbour: MantineColorsTuple = [
  "#e7f5fa",
  "#d2e6ef",
  "#a4cde0",
  "#73b2d0",
  "#4c9cc3",
  "#338ebc",
  "#2287b9",
  "#0f5f86",
  "#0b5c7a",
  "#08465f",
];

export const theme = createTheme({
  primaryColor: "harbour",
  primaryShade: 8, // the same in both: what stands on a colour is chosen by the light one
  autoContrast: true,
  luminanceThreshold: 0.179, // where black and white stand out alike, so the better is taken
  colors: { harbour },
  defaultRadius: "md",
  components: {
    Notification: { defaultProps: { closeButtonProps: { "aria-label": text.changes.close } } },
  },
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
});
