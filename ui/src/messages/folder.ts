// Naming a folder: typed, or chosen in the system's dialog.
export const folder = {
  label: 'Folder',
  placeholder: '~/projects/dashboards',
  choose: 'Choose folder…',
  dialog: 'Choose a folder',
  looking: 'Looking…',
};
