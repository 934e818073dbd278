//! Which columns of a CSV a path means, where several have one name.
//!
//! Trackers write a list as columns of one name (`Sprint`, `Sprint`, `Sprint`), filled
//! from the left. `Sprint[0]` is the first of them that is filled, `Sprint[-1]` the
//! last, as with the elements of an array in JSON; the bare name is all that are
//! filled, joined with `;`. A name that is in the header is taken literally, brackets
//! and all.

/// What a path means in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// No column.
    Missing,
    /// One value: of one column, or of one among several.
    One,
    /// The values of several columns, joined with `;`.
    Several,
}

/// Where the cell of a path is to be found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    One(usize),
    /// One of those that are filled: from the first (0, 1 …) or the last (-1, -2 …).
    Filled(Vec<usize>, i64),
    Joined(Vec<usize>),
}

/// Finds the place of a path in a header; the empty path is nowhere.
pub(super) fn find(header: &[String], path: &str) -> Option<Place> {
    match places(header, path).as_slice() {
        [] => {}
        [place] => return Some(Place::One(*place)),
        several => return Some(Place::Joined(several.to_vec())),
    }
    let (name, index) = path.strip_suffix(']')?.rsplit_once('[')?;
    let index = index.parse().ok()?;
    let places = places(header, name);
    (!places.is_empty()).then_some(Place::Filled(places, index))
}

fn places(header: &[String], name: &str) -> Vec<usize> {
    let columns = header.iter().enumerate();
    let named = columns.filter(|(_, column)| *column == name && !name.is_empty());
    named.map(|(place, _)| place).collect()
}

impl Place {
    pub(super) fn columns(&self) -> Columns {
        match self {
            Self::One(_) | Self::Filled(..) => Columns::One,
            Self::Joined(_) => Columns::Several,
        }
    }

    /// Returns the places of all cells that may be read.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        let places = match self {
            Self::One(place) => std::slice::from_ref(place),
            Self::Filled(places, _) | Self::Joined(places) => places.as_slice(),
        };
        places.iter().copied()
    }

    /// Returns the text of the path, given the cells that are filled.
    pub(super) fn read<'c>(&self, cell: impl Fn(usize) -> Option<&'c str>) -> Option<String> {
        let filled: Vec<&str> = self.all().filter_map(cell).collect();
        match self {
            Self::One(_) | Self::Joined(_) => (!filled.is_empty()).then(|| filled.join(";")),
            Self::Filled(_, index) => {
                let length = i64::try_from(filled.len()).ok()?;
                let place = if *index < 0 {
                    length.checked_add(*index)?
                } else {
                    *index
                };
                let text = filled.get(usize::try_from(place).ok()?)?;
                Some((*text).to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, cells: [&str; 6]) -> Option<String> {
        let header = ["id", "Sprint", "Sprint", "", "Sprint", "x[0]"].map(str::to_owned);
        let place = find(&header, path)?;
        place.read(|place| Some(cells[place]).filter(|cell| !cell.is_empty()))
    }

    #[test]
    fn columns_of_one_name_are_an_array_of_what_is_filled() {
        let cells = ["1", "a", "b", "-", "", "y"];
        let expected = [
            ("id", Some("1")),
            ("Sprint", Some("a;b")),
            ("Sprint[0]", Some("a")),
            ("Sprint[1]", Some("b")),
            ("Sprint[-1]", Some("b")),
            ("Sprint[-2]", Some("a")),
            ("Sprint[-3]", None),
            ("Sprint[2]", None),
            ("Sprint[99999999999999999999]", None),
            ("Sprint[-9223372036854775808]", None),
            ("id[-1]", Some("1")),
            ("x[0]", Some("y")),
            ("", None),
            ("[0]", None),
            ("x", None),
        ];
        for (path, text) in expected {
            assert_eq!(read(path, cells).as_deref(), text, "{path}");
        }
        assert_eq!(read("Sprint", ["1", "", "", "", "", ""]), None);
    }

    #[test]
    fn only_a_bare_name_means_several() {
        let header = ["id", "Sprint", "Sprint"].map(str::to_owned);
        let columns = |path| find(&header, path).map(|place| place.columns());
        assert_eq!(columns("id"), Some(Columns::One));
        assert_eq!(columns("Sprint"), Some(Columns::Several));
        assert_eq!(columns("Sprint[-1]"), Some(Columns::One));
        assert_eq!(columns("Sprint[7]"), Some(Columns::One));
        assert_eq!(columns("sprint"), None);
    }
}
