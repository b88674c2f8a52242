//! The properties of an object, merged from its parts, and those of the wide objects
//! that were looked at lately: a schema is written on several rungs of a ladder, and
//! for the several tools that it is the body of.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use mcpengine_openapi::Entry;
use smallvec::SmallVec;

use super::definitions::Definitions;
use super::view::{Parts, View};

/// Schemas that hold together, and what they come to once somebody has looked.
#[derive(Debug)]
pub(crate) struct Together<'a> {
    pub(crate) schemas: Parts<'a>,
    view: OnceCell<View<'a>>,
}

impl<'a> Together<'a> {
    pub(crate) fn new(schemas: Parts<'a>) -> Rc<Self> {
        let view = OnceCell::new();
        Rc::new(Self { schemas, view })
    }

    pub(crate) fn view(&self, definitions: &Definitions<'a>) -> &View<'a> {
        self.view
            .get_or_init(|| View::of(&self.schemas, definitions))
    }
}

/// Properties by name, each with every schema that the parts give it.
pub(crate) type Properties<'a> = Rc<Vec<(&'a str, Rc<Together<'a>>)>>;

/// The `properties` of each part, in the order in which they are shown.
pub(super) type Layers<'a> = SmallVec<[&'a [Entry<'a>]; 4]>;

/// Beyond this many, names are looked up by hash.
pub(super) const FEW: usize = 24;

/// Objects that are remembered.
const LATELY: usize = 64;

/// A place for each of [`LATELY`] objects; another one may take it.
#[derive(Default)]
pub(crate) struct Lately<'a>(RefCell<Vec<Option<(Layers<'a>, Properties<'a>)>>>);

impl<'a> Lately<'a> {
    /// The properties, and how many had to be looked at for them.
    pub(super) fn merged(&self, layers: Layers<'a>) -> (Properties<'a>, usize) {
        let wide = layers.iter().map(|layer| layer.len()).sum::<usize>() > FEW;
        if !wide {
            let found = merge(&layers);
            let count = found.len();
            return (Rc::new(found), count);
        }
        let mut places = self.0.borrow_mut();
        if places.is_empty() {
            places.resize_with(LATELY, || None);
        }
        let start = layers.first().map_or(0, |layer| layer.as_ptr().addr());
        // Entries are tens of bytes long.
        let place = places.get_mut((start / 64) % LATELY);
        if let Some(Some((known, properties))) = &place
            && is_same(known, &layers)
        {
            return (Rc::clone(properties), 0);
        }
        let properties = Rc::new(merge(&layers));
        let count = properties.len();
        if let Some(place) = place {
            *place = Some((layers, Rc::clone(&properties)));
        }
        (properties, count)
    }
}

/// The same places in the document.
fn is_same(left: &Layers<'_>, right: &Layers<'_>) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| {
            left.as_ptr().addr() == right.as_ptr().addr() && left.len() == right.len()
        })
}

fn merge<'a>(layers: &Layers<'a>) -> Vec<(&'a str, Rc<Together<'a>>)> {
    let mut found: Vec<(&'a str, Parts<'a>)> = Vec::new();
    let mut index: HashMap<&'a str, usize> = HashMap::new();
    for (at, layer) in layers.iter().enumerate() {
        if at == 0 {
            let all = layer.iter();
            found.extend(all.map(|(name, schema)| (*name, Parts::from_slice(&[*schema]))));
            continue;
        }
        for (name, schema) in *layer {
            if found.len() > FEW && index.len() < found.len() {
                let known = found.iter().enumerate().skip(index.len());
                let known: Vec<_> = known.map(|(at, (name, _))| (*name, at)).collect();
                index.extend(known);
            }
            let at = if found.len() > FEW {
                index.get(name).copied()
            } else {
                found.iter().position(|(known, _)| known == name)
            };
            match at.and_then(|at| found.get_mut(at)) {
                Some((_, parts)) => parts.insert(0, *schema),
                None => found.push((name, Parts::from_slice(&[*schema]))),
            }
        }
    }
    let together = |(name, parts)| (name, Together::new(parts));
    found.into_iter().map(together).collect()
}
