//! Dictionaries: each text once, and a number for it.

use crate::event::Text;
use hashbrown::HashMap;

/// The text of values beyond a dictionary's most.
pub const OTHER: &str = "(other)";

/// The texts of one dimension. Number 0 is the empty text: no value.
#[derive(Debug)]
pub struct Dictionary {
    texts: Vec<Text>,
    numbers: HashMap<Text, u32>,
    most: usize,
}

impl Dictionary {
    /// Creates a dictionary of at most `most` texts; all further ones are counted as `(other)`, so that made-up values
    /// cannot fill the memory.
    pub fn new(most: usize) -> Self {
        let mut dictionary = Self {
            texts: Vec::new(),
            numbers: HashMap::new(),
            most,
        };
        dictionary.number("");
        dictionary
    }

    /// The number of `text`, which is added when it is new.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let text: Text = if self.texts.len() + 1 < self.most {
            text
        } else {
            OTHER
        }
        .into();
        let next = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let texts = &mut self.texts;
        *self.numbers.entry(text.clone()).or_insert_with(|| {
            texts.push(text);
            next
        })
    }

    /// The number of `text`, if it has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The text of `number`; empty for an unknown one.
    pub fn text(&self, number: u32) -> &Text {
        &self.texts[usize::try_from(number).unwrap_or(0)]
    }

    /// All texts, by number.
    pub fn texts(&self) -> &[Text] {
        &self.texts
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns true when there is no text but the empty one.
    pub fn is_empty(&self) -> bool {
        self.texts.len() <= 1
    }

    /// The bytes that the dictionary takes, about.
    pub fn bytes(&self) -> usize {
        let texts: usize = self.texts.iter().map(|text| text.len() + 16).sum();
        texts + self.texts.capacity() * 16 + self.numbers.capacity() * 25
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_values_do_not_fill_the_memory() {
        let mut dictionary = Dictionary::new(4);
        let numbers: Vec<u32> = ["a", "b", "c", "d", "a"]
            .map(|text| dictionary.number(text))
            .to_vec();
        assert_eq!(numbers, [1, 2, 3, 3, 1]);
        assert_eq!(&**dictionary.text(3), OTHER);
        assert_eq!(dictionary.len(), 4);
    }
}
