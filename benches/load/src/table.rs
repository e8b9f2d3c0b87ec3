//! Rounds as a table.

use crate::measure::Round;

/// One row a figure: both medians with their spread, and the ratio of pairs.
pub(crate) fn print(name: &str, pairs: &[(Round, Round)]) {
    println!("\n| {name} | Minicom | floor | ratio |\n| --- | --- | --- | --- |");
    let Some((first, _)) = pairs.first() else { return };
    for (row, (figure, _)) in first.figures.iter().enumerate() {
        let ours: Vec<f64> = pairs.iter().map(|(ours, _)| ours.figures[row].1).collect();
        let floor: Vec<f64> = pairs.iter().map(|(_, floor)| floor.figures[row].1).collect();
        let ratios: Vec<f64> = ours.iter().zip(&floor).map(|(ours, floor)| ours / floor).collect();
        println!("| {figure} | {} | {} | {} |", spread(ours), spread(floor), spread(ratios));
    }
}

/// Median [least–most].
fn spread(mut figures: Vec<f64>) -> String {
    figures.sort_by(f64::total_cmp);
    let (Some(least), Some(most)) = (figures.first(), figures.last()) else { return "–".to_owned() };
    format!("{} [{}–{}]", digits(figures[figures.len() / 2]), digits(*least), digits(*most))
}

fn digits(figure: f64) -> String {
    if figure >= 100.0 {
        format!("{figure:.0}")
    } else if figure >= 1.0 {
        format!("{figure:.2}")
    } else {
        format!("{figure:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_the_median_and_both_ends() {
        assert_eq!(spread(vec![3.0, 1.0, 2.0]), "2.00 [1.00–3.00]");
        assert_eq!(spread(vec![79_697.4]), "79697 [79697–79697]");
        assert_eq!(spread(Vec::new()), "–");
    }
}
