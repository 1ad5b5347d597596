//! What is said of guests' tokens, and of the rows that their rules let through.

use super::access::span;
use super::audit::counted;
use crate::table::{Table, facts};
use crate::times;
use superset_keys_core::actions::{
    ChartProofView, GuestDashboardView, GuestSecretState, InspectedGuestToken, MintedGuestView, ProofOutcome,
    RowCount, RowProofView, RuleView, RuleWarning,
};
use superset_keys_core::error::{ClauseProblem, QueryProblem};
use superset_keys_core::superset::GuestIdentity;

const NOBODY_CALLS_IT_BACK: &str = "Nothing calls it back: not revoking the key that minted it. Another GUEST_TOKEN_JWT_SECRET on the server ends all \
     of them; ending the dashboard's embedding, those of that.";

pub fn minted(about: &MintedGuestView) -> String {
    let until = times::here_with_seconds(&about.expires, &times::zone());
    let mut lines = vec![format!(
        "Good for {} until {until} ({}). {}",
        about.dashboard_title,
        span(about.seconds.into()),
        whom(&about.guest)
    )];
    lines.push(rows(&about.rules));
    lines.extend(about.rules.iter().flat_map(remarks));
    lines.push(NOBODY_CALLS_IT_BACK.to_owned());
    lines.extend(alarm(about.secret));
    lines.join("\n")
}

pub fn inspected(read: &InspectedGuestToken, was_asked: bool) -> String {
    let zone = times::zone();
    let when = |time: &Option<String>| time.as_ref().map(|time| times::here_with_seconds(time, &zone));
    let table = facts(&[
        ("guest", Some(name_of(&read.guest))),
        ("issued", when(&read.issued)),
        ("ends", when(&read.expires)),
        ("audience", read.audience.clone()),
        ("algorithm", read.algorithm.clone()),
        ("letters", Some(read.letters.to_string())),
    ]);
    let mut lines = vec![left(read)];
    lines.push(taken(read, was_asked));
    lines.push(table);
    lines.extend(read.dashboards.iter().map(|dashboard| of_dashboard(dashboard, was_asked)));
    if read.dashboards.is_empty() {
        lines.push("It names no dashboard, so it shows nothing.".to_owned());
    }
    lines.push(rows(&read.rules));
    lines.extend(read.rules.iter().flat_map(remarks));
    lines.extend(alarm(read.secret));
    lines.push(NOBODY_CALLS_IT_BACK.to_owned());
    lines.join("\n")
}

pub fn proof(proof: &RowProofView) -> String {
    let mut table = Table::new(&["CHART", "DATASET", "WITHOUT", "WITH", ""]);
    for chart in &proof.charts {
        let dataset = chart.dataset_name.clone().or_else(|| Some(chart.dataset?.to_string()));
        table.row(vec![
            chart.name.clone(),
            dataset.unwrap_or_default(),
            count(chart.without),
            count(chart.with),
            outcome(chart).to_owned(),
        ]);
    }
    let mut lines = vec![format!("{}, as a guest gets it.", proof.dashboard_title), rows(&proof.rules)];
    lines.extend(proof.rules.iter().flat_map(remarks));
    lines.push(String::new());
    lines.push(if table.is_empty() { "It has no charts.".to_owned() } else { table.aligned() });
    lines.push(String::new());
    lines.push(verdict(&proof.charts));
    lines.extend(alarm(proof.secret));
    lines.join("\n")
}

fn verdict(charts: &[ChartProofView]) -> String {
    let of = |outcome| charts.iter().filter(|chart| chart.outcome == outcome).count();
    let counted = |count: usize| counted(u32::try_from(count).unwrap_or(u32::MAX), "chart", "charts");
    match (of(ProofOutcome::NotReached), of(ProofOutcome::Filtered)) {
        (0, filtered) if filtered == charts.len() && filtered > 0 => {
            "Each chart has fewer rows. Whether they are the right ones, look once.".to_owned()
        }
        (0, filtered) => {
            let denied = RowCount::Failed { problem: QueryProblem::Denied };
            let told = format!("{} of {} proven.", counted(filtered), charts.len());
            // Where nothing is let through, it is no rule's fault.
            let none = !charts.is_empty() && charts.iter().all(|chart| chart.without == denied);
            let role =
                " Guests may read none of them; 'superset-keys embed check' tells what their role lacks.";
            format!("{told}{}", if none { role } else { "" })
        }
        (open, _) => {
            format!("NOT SAFE: {} that no rule reaches. A guest sees all rows there.", counted(open))
        }
    }
}

fn count(rows: RowCount) -> String {
    match rows {
        RowCount::Rows { count, at_least: false } => count.to_string(),
        RowCount::Rows { count, at_least: true } => format!("over {count}"),
        RowCount::Failed { problem } => match problem {
            QueryProblem::ColumnMissing => "no such column".to_owned(),
            QueryProblem::TableMissing => "no such table".to_owned(),
            QueryProblem::Denied => "not allowed".to_owned(),
            QueryProblem::NoDatabase => "no such database".to_owned(),
            QueryProblem::Slow => "too slow".to_owned(),
            QueryProblem::Gone => "database away".to_owned(),
            QueryProblem::Other => "fails".to_owned(),
        },
        RowCount::NotAsked => "not asked".to_owned(),
    }
}

fn outcome(chart: &ChartProofView) -> &'static str {
    match chart.outcome {
        ProofOutcome::Filtered => "fewer rows",
        ProofOutcome::NotReached => "NO RULE REACHES IT: all rows",
        ProofOutcome::AllRows => "AS MANY ROWS: the rule may be too wide",
        ProofOutcome::NoRows => "no rows: that may be right",
        ProofOutcome::Broken => "the query fails with the rule, and not without",
        ProofOutcome::NotTold if chart.dataset.is_none() => "it reads no dataset",
        ProofOutcome::NotTold => "cannot be told",
    }
}

fn rows(rules: &[RuleView]) -> String {
    if rules.is_empty() {
        return "No rules: a guest sees all rows.".to_owned();
    }
    let rule = |rule: &RuleView| {
        let of = match (&rule.dataset_name, rule.dataset) {
            (Some(name), _) => format!("of {name}"),
            (None, Some(number)) => format!("of dataset {number}"),
            (None, None) => "of all datasets".to_owned(),
        };
        format!("Rows {of} where {}", rule.clause)
    };
    rules.iter().map(rule).collect::<Vec<_>>().join("\n")
}

/// What is to be known of a rule.
fn remarks(rule: &RuleView) -> Vec<String> {
    let problem =
        rule.problem.map(|problem| format!("! This rule does not hold: {}.", clause_problem(problem)));
    let warned = rule.warnings.iter().map(|told| format!("! {}: {}", rule.clause, warning(*told)));
    problem.into_iter().chain(warned).collect()
}

fn warning(told: RuleWarning) -> &'static str {
    match told {
        RuleWarning::OrAtTop => "OR stands at its top, so either side alone opens the rows.",
        RuleWarning::Constant => "a part of it compares no column, so it lets all rows through, or none.",
        RuleWarning::DatasetElsewhere => {
            "its dataset is not one of this dashboard's, so it applies to nothing here."
        }
        RuleWarning::NoSuchColumn => "it names a column that a dataset it is for does not have.",
    }
}

/// As the rest of a sentence about a rule.
pub fn clause_problem(problem: ClauseProblem) -> &'static str {
    match problem {
        ClauseProblem::Empty => "it is empty",
        ClauseProblem::TooLong => "it is too long",
        ClauseProblem::Brackets => {
            "a bracket closes what it did not open, or stays open, so it would break out of its place"
        }
        ClauseProblem::Quotes => "a quotation mark stays open, or ends elsewhere than it seems",
        ClauseProblem::Comment => "what follows --, # or /* would count for nothing",
        ClauseProblem::Semicolon => "a semicolon ends the query",
        ClauseProblem::Template => "{{ and {% are run as a template where the server is so set",
        ClauseProblem::Unprintable => "it holds a letter that nobody sees",
        ClauseProblem::ValueMissing => "a name in it has no value; --value NAME=TEXT gives one",
        ClauseProblem::ValueUnused => {
            "a value was given twice, or for a name that does not stand in it by itself"
        }
        ClauseProblem::ValueNotANumber => "what was given as a number is none",
        ClauseProblem::ValueUnwritable => {
            "its database, or those of several datasets, could read a quotation mark or a backslash in a value otherwise; \
             --rls-on names one dataset"
        }
    }
}

fn whom(guest: &GuestIdentity) -> String {
    match guest.username.as_str() {
        "" => "Superset calls the guest guest_user.".to_owned(),
        _ => format!("For {}.", name_of(guest)),
    }
}

fn name_of(guest: &GuestIdentity) -> String {
    let full = format!("{} {}", guest.first_name, guest.last_name);
    match (guest.username.as_str(), full.trim()) {
        ("", "") => "no name".to_owned(),
        (name, "") | ("", name) => name.to_owned(),
        (name, full) => format!("{name} ({full})"),
    }
}

fn of_dashboard(dashboard: &GuestDashboardView, was_asked: bool) -> String {
    let named = &dashboard.named;
    let number = if dashboard.by_number {
        " By the dashboard's number: it goes on when the embedding ends."
    } else {
        ""
    };
    match &dashboard.title {
        Some(title) => format!("Shows {title} ({named}).{number}"),
        None if was_asked => {
            format!("Names {named}, which the server does not know, or does not show to you.{number}")
        }
        None => format!("Names {named}.{number}"),
    }
}

fn left(read: &InspectedGuestToken) -> String {
    let by = |seconds: i64| match seconds {
        ..=0 => format!("ended {} ago", span(-seconds)),
        _ => format!("ends in {}", span(seconds)),
    };
    let Some(left) = read.left else { return "It has no end that a server looks at.".to_owned() };
    let server = match read.left_on_server {
        Some(server) if server.abs_diff(left) > 2 => format!(", {} by the server's clock", by(server)),
        Some(_) => ", and by the server's".to_owned(),
        None => String::new(),
    };
    format!("It {} by this computer's clock{server}.", by(left))
}

fn taken(read: &InspectedGuestToken, was_asked: bool) -> String {
    let said = match read.taken {
        Some(true) => "The server takes it.",
        Some(false) => "The server does not take it.",
        None if was_asked => "Whether the server takes it could not be told.",
        None => "It was sent to nobody.",
    };
    said.to_owned()
}

/// What everybody who reads a token's answer has to know of who else can sign one.
fn alarm(secret: GuestSecretState) -> Option<String> {
    let said = match secret {
        GuestSecretState::Own => return None,
        GuestSecretState::NotTold => "Who else can sign such tokens could not be told.",
        GuestSecretState::Shipped => {
            "CRITICAL: it is signed with the secret that Superset ships. Everybody can make such tokens, for all rows. \
             Whoever runs the server sets GUEST_TOKEN_JWT_SECRET."
        }
        GuestSecretState::Published => {
            "CRITICAL: it is signed with a secret from a published configuration. Everybody can make such tokens, for all \
             rows. Whoever runs the server sets another GUEST_TOKEN_JWT_SECRET."
        }
        GuestSecretState::SecretKey => {
            "CRITICAL: it is signed with SECRET_KEY. Whoever holds that to make guests' tokens makes an Admin's session as \
             well. Whoever runs the server sets a GUEST_TOKEN_JWT_SECRET of its own."
        }
    };
    Some(said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(clause: &str, dataset: Option<i32>, name: Option<&str>) -> RuleView {
        RuleView {
            clause: clause.to_owned(),
            dataset,
            dataset_name: name.map(str::to_owned),
            warnings: Vec::new(),
            problem: None,
        }
    }

    fn chart(name: &str, counts: (u32, u32), outcome: ProofOutcome) -> ChartProofView {
        let rows = |count| RowCount::Rows { count, at_least: false };
        ChartProofView {
            id: 1,
            name: name.to_owned(),
            dataset: Some(7),
            dataset_name: Some("sales".to_owned()),
            without: rows(counts.0),
            with: rows(counts.1),
            outcome,
        }
    }

    #[test]
    fn a_proof_is_a_table_and_names_what_is_open() {
        let mut view = RowProofView {
            dashboard: 3,
            dashboard_title: "Sales".to_owned(),
            rules: vec![rule("org = 1", Some(7), Some("sales"))],
            charts: vec![chart("By city", (12, 4), ProofOutcome::Filtered)],
            secret: GuestSecretState::Own,
            proven_at: "2026-11-30T10:00:00Z".to_owned(),
        };
        assert_eq!(
            proof(&view),
            "Sales, as a guest gets it.\nRows of sales where org = 1\n\n\
             CHART    DATASET  WITHOUT  WITH\nBy city  sales    12       4     fewer rows\n\n\
             Each chart has fewer rows. Whether they are the right ones, look once."
        );
        view.charts.push(chart("All", (9, 9), ProofOutcome::NotReached));
        view.secret = GuestSecretState::Shipped;
        let said = proof(&view);
        assert!(said.contains("NO RULE REACHES IT"), "{said}");
        assert!(said.contains("NOT SAFE: 1 chart that no rule reaches."), "{said}");
        assert!(said.ends_with("Whoever runs the server sets GUEST_TOKEN_JWT_SECRET."), "{said}");
    }

    #[test]
    fn a_token_is_told_in_words() {
        let mut read = InspectedGuestToken {
            guest: GuestIdentity {
                username: "jane".into(),
                first_name: "Jane".into(),
                last_name: "Doe".into(),
            },
            dashboards: vec![GuestDashboardView {
                named: "7".into(),
                by_number: true,
                title: Some("Sales".into()),
            }],
            rules: vec![rule("org = 1) OR (1=1", None, None)],
            issued: None,
            expires: None,
            left: Some(290),
            left_on_server: Some(310),
            audience: Some("http://0.0.0.0:8080/".into()),
            algorithm: Some("HS256".into()),
            secret: GuestSecretState::Own,
            taken: Some(true),
            letters: 400,
        };
        read.rules[0].problem = Some(ClauseProblem::Brackets);
        let said = inspected(&read, true);
        for part in [
            "It ends in 4 min by this computer's clock, ends in 5 min by the server's clock.",
            "The server takes it.",
            "jane (Jane Doe)",
            "Shows Sales (7). By the dashboard's number: it goes on when the embedding ends.",
            "Rows of all datasets where org = 1) OR (1=1",
            "! This rule does not hold: a bracket closes what it did not open",
            "Nothing calls it back",
        ] {
            assert!(said.contains(part), "{part}\n{said}");
        }
        read.left = Some(-30);
        (read.left_on_server, read.taken) = (None, None);
        let said = inspected(&read, false);
        assert!(
            said.starts_with("It ended 30 s ago by this computer's clock.\nIt was sent to nobody."),
            "{said}"
        );
    }
}
