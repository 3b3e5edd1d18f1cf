import { Keyboard, Languages, LogOut, Rows3, SunMoon } from "lucide-react";
import type { ReactElement } from "react";
import { changeLanguage, LANGUAGE_NAMES, useLanguage } from "../i18n";
import { Menu, MenuChoices, MenuItem, MenuLabel, MenuLine } from "../ui/Menu";
import { LANGUAGES, setPreferences, usePreferences } from "./preferences";
import { useSignedIn, useSignOut } from "../session/session";

export default function PreferencesMenu({ trigger, onHelp }: { trigger: ReactElement; onHelp: () => void }) {
  const { t, language } = useLanguage();
  const { theme, density } = usePreferences();
  const signedIn = useSignedIn();
  const signOut = useSignOut();
  return (
    <Menu trigger={trigger}>
      <MenuLabel>
        <Languages aria-hidden size={14} /> {t("preferences.language")}
      </MenuLabel>
      <MenuChoices value={language} options={LANGUAGES} label={(code) => LANGUAGE_NAMES[code]} lang={(code) => code} onChange={(code) => void changeLanguage(code)} />
      <MenuLine />
      <MenuLabel>
        <SunMoon aria-hidden size={14} /> {t("preferences.theme")}
      </MenuLabel>
      <MenuChoices value={theme} options={["system", "light", "dark"]} label={(name) => t(`preferences.themes.${name}`)} onChange={(name) => setPreferences({ theme: name })} />
      <MenuLine />
      <MenuLabel>
        <Rows3 aria-hidden size={14} /> {t("preferences.density")}
      </MenuLabel>
      <MenuChoices value={density} options={["comfortable", "compact"]} label={(name) => t(`preferences.densities.${name}`)} onChange={(name) => setPreferences({ density: name })} />
      <MenuLine />
      <MenuItem onSelect={onHelp}>
        <Keyboard aria-hidden size={16} /> {t("shortcuts.title")}
      </MenuItem>
      {signedIn && (
        <MenuItem onSelect={signOut}>
          <LogOut aria-hidden size={16} /> {t("session.signOut")}
        </MenuItem>
      )}
    </Menu>
  );
}
