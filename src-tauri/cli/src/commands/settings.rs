//! `superset-keys settings …`

use super::Context;
use crate::args::Settings;
use crate::failure::Outcome;
use crate::print;
use crate::table::Table;
use superset_keys_core::actions::SettingView;
use superset_keys_core::settings::SettingUnit;

pub fn run(context: &Context, command: &Settings) -> Outcome {
    match command {
        Settings::Show => {
            let settings = context.core.settings()?;
            context.out.answer(&settings, || table(&settings))
        }
        Settings::Set { name, value } => {
            let set = context.wait(context.core.set_setting(*name, value.0))?;
            context.out.answer(&set, || format!("{} is {} now.", set.name, shown(set.unit, set.value)))
        }
    }
}

fn shown(unit: SettingUnit, value: u32) -> String {
    match (unit, value) {
        (SettingUnit::Seconds, seconds) => format!("{seconds} s"),
        (SettingUnit::Minutes, 0) => "never".to_owned(),
        (SettingUnit::Minutes, minutes) => format!("{minutes} min"),
        (SettingUnit::Days, days) => format!("{days} d"),
        (SettingUnit::Keys, keys) => keys.to_string(),
        (SettingUnit::Switch, 0) => "off".to_owned(),
        (SettingUnit::Switch, _) => "on".to_owned(),
    }
}

fn table(settings: &[SettingView]) -> String {
    let terminal = print::is_terminal();
    let mut table = Table::new(if terminal {
        &["SETTING", "VALUE", "DEFAULT", "FROM", "TO"]
    } else {
        &["name", "value", "default", "least", "most"]
    });
    for setting in settings {
        let numbers = [setting.value, setting.default, setting.least, setting.most];
        let numbers = numbers.map(|number| match setting.unit {
            SettingUnit::Switch => shown(setting.unit, number),
            unit if terminal => shown(unit, number),
            _ => number.to_string(),
        });
        let cells = std::iter::once(setting.name.to_string()).chain(numbers);
        table.row(cells.collect());
    }
    if terminal { table.aligned() } else { table.tab_separated() }
}
