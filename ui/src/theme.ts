import { createTheme, type MantineColorsTuple } from "@mantine/core";

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
  primaryShade: { light: 8, dark: 5 },
  autoContrast: true,
  colors: { harbour },
  defaultRadius: "md",
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
});
