//! What can be chosen of a relationship beside its sentence: where its key points, or what its pairs are kept in.

use yew::{AttrValue, Html, html};

use super::choice::Question;
use super::sentence::{Sentence, with_loss};
use super::words::named;
use crate::naming::{one, snake};
use crate::schema::{
    FieldDraft, FieldId, OnUpdate, RelationshipPart, Severity, Shape, Side, Through, ways_through,
};
use crate::ui::action::{Edit, RelationshipEdit};
use crate::ui::form::{Choice, described, has_error, on_chosen, on_ticked, on_typed, told};

/// What is told beside a choice that stands behind the button.
const BEHIND: [RelationshipPart; 15] = [
    RelationshipPart::Through(Side::Left),
    RelationshipPart::Through(Side::Right),
    RelationshipPart::References,
    RelationshipPart::Identifies,
    RelationshipPart::Polymorphic,
    RelationshipPart::OnUpdate,
    RelationshipPart::Symmetric,
    RelationshipPart::Order(Side::Left),
    RelationshipPart::Order(Side::Right),
    RelationshipPart::Cascades(Side::Left),
    RelationshipPart::Cascades(Side::Right),
    RelationshipPart::KeyColumns,
    RelationshipPart::JoinTable,
    RelationshipPart::JoinColumns(Side::Left),
    RelationshipPart::JoinColumns(Side::Right),
];

impl Sentence<'_> {
    /// Whether an error is told behind the button.
    pub(super) fn has_error_behind(&self) -> bool {
        BEHIND.into_iter().any(|part| has_error(&self.told(part)))
    }

    /// The warnings that are told behind the button, for as long as nobody looks there.
    pub(super) fn warnings_behind(&self) -> Html {
        let mut warnings: Vec<_> = BEHIND.into_iter().flat_map(|part| self.told(part)).collect();
        warnings.retain(|diagnostic| diagnostic.severity != Severity::Note);
        told(&format!("{}-behind", self.relationship.id), &warnings)
    }

    /// A question about a part of the relationship.
    pub(super) fn question(
        &self,
        part: RelationshipPart,
        key: &str,
        label: impl Into<String>,
        why: impl Into<String>,
    ) -> Question {
        Question::new(self.relationship.id, key, label, why, self.told(part))
    }

    /// The group of the key, or of the pairs.
    pub(super) fn key_or_pairs(&self) -> Html {
        let relationship = self.relationship;
        let (legend, choices) = match relationship.holder() {
            Some(holder) => ("The key", self.key(holder)),
            None => ("The pairs", self.pairs()),
        };
        html! {
            <fieldset class="more__group">
                <legend>{ legend }</legend>
                { choices }
            </fieldset>
        }
    }

    fn key(&self, holder: Side) -> Html {
        let relationship = self.relationship;
        let shared = relationship.polymorphic.is_some();
        html! {
            <>
                if !shared || !relationship.references.is_empty() {
                    { self.references(holder) }
                }
                if !shared || !relationship.on_update.is_no_action() {
                    { self.on_update() }
                }
                if !shared || relationship.identifies {
                    { self.identifies(holder) }
                }
                if shared || relationship.shape == Shape::OneToMany {
                    { self.polymorphic(holder) }
                }
                if shared || !(relationship.shape == Shape::OneToOne || relationship.identifies) {
                    { self.index(&format!(
                        "By it SQLite finds what belongs to one {}; without it, it reads every row of {}.",
                        self.model_name(holder.other()), self.model_name(holder)
                    )) }
                }
            </>
        }
    }

    /// The primary key of the target, or a field that is unique.
    fn references(&self, holder: Side) -> Html {
        let id = self.relationship.id;
        let asked = self.relationship.references.as_slice();
        let target = self.model_name(holder.other());
        let draft = &self.source.project.draft;
        let model = self.relationship.end(holder.other()).model.and_then(|model| draft.model(model));
        let fields = model.map_or(&[][..], |model| model.fields.as_slice());
        let offered = |field: &&FieldDraft| asked == [field.id] || (field.unique && !field.primary_key);
        let mut choices = vec![Choice::new("", "its primary key")];
        choices.extend(
            fields.iter().filter(offered).map(|field| Choice::new(field.id.to_string(), named(&field.name))),
        );
        let value = match asked {
            [] => String::new(),
            [field] if fields.iter().any(|known| known.id == *field) => field.to_string(),
            _ => {
                choices.push(Choice::new("?", "what is told below"));
                "?".to_owned()
            }
        };
        let why = if choices.len() == 1 {
            format!("Make a field of {target} unique, such as a code, and the key can refer to that instead.")
        } else {
            format!(
                "The key holds what stands there. It has to be unique, or it could mean several of {target}."
            )
        };
        let ids: Vec<FieldId> = fields.iter().map(|field| field.id).collect();
        let onchange = on_chosen(self.dispatch, move |value| {
            let fields = ids.iter().copied().filter(|field| field.to_string() == value).collect();
            Some(Edit::Relationship(id, RelationshipEdit::References(fields)))
        });
        let label = format!("refers to {target} by");
        self.question(RelationshipPart::References, "references", label, why).pick(
            value.into(),
            choices,
            onchange,
        )
    }

    fn on_update(&self) -> Html {
        let id = self.relationship.id;
        let choices = OnUpdate::ALL.map(|choice| {
            Choice::new(choice.sql(), format!("{}: {}", choice.sql(), choice.meaning_on_update()))
        });
        let onchange = on_chosen(self.dispatch, move |sql| {
            let chosen = OnUpdate::ALL.into_iter().find(|choice| choice.sql() == sql)?;
            Some(Edit::Relationship(id, RelationshipEdit::OnUpdate(chosen)))
        });
        let label =
            if self.relationship.holder().is_some() { "when that changes" } else { "when a key changes" };
        let why = "What the database does where the old value is still held. Numbers that only count up never change.";
        let value = AttrValue::Static(self.relationship.on_update.sql());
        self.question(RelationshipPart::OnUpdate, "on-update", label, why).pick(
            value,
            choices.to_vec(),
            onchange,
        )
    }

    fn identifies(&self, holder: Side) -> Html {
        let id = self.relationship.id;
        let (held, target) = (self.model_name(holder), self.model_name(holder.other()));
        let why = format!(
            "What {} is depends on its {target}: it is known by it, cannot be without it, and never gets another.",
            one(held)
        );
        let onchange =
            on_ticked(self.dispatch, move |yes| Edit::Relationship(id, RelationshipEdit::Identifies(yes)));
        let label = format!("is part of the primary key of {held}");
        self.question(RelationshipPart::Identifies, "identifies", label, why)
            .tick(self.relationship.identifies, onchange)
    }

    /// One key for several targets, and what they are to the holder.
    fn polymorphic(&self, holder: Side) -> Html {
        let id = self.relationship.id;
        let held = self.model_name(holder);
        let shared = self.relationship.polymorphic.as_ref();
        // Once it is chosen, a note beside it says the rest.
        let but = if shared.is_some() { "" } else { " No foreign key can guard that." };
        let why = format!(
            "A second column says which table it points to, so {} can belong to one thing or another.{but}",
            one(held)
        );
        let question = self.question(
            RelationshipPart::Polymorphic,
            "polymorphic",
            "may point elsewhere, too, under a name",
            why,
        );
        let name = self.shared_name(holder);
        let onchange = on_ticked(self.dispatch, move |yes| {
            Edit::Relationship(id, RelationshipEdit::Polymorphic(yes.then(|| name.clone())))
        });
        question.around(html! {
            <>
                { question.check_box(shared.is_some(), onchange) }
                if let Some(name) = shared {
                    <label class="more__line asked__more">
                        <span>{ "what its targets are" }</span>
                        <input
                            autocomplete="off"
                            spellcheck="false"
                            class="mono"
                            value={name.clone()}
                            aria-invalid={has_error(&question.said).then_some("true")}
                            aria-describedby={described(&question.id, &question.said)}
                            oninput={on_typed(self.dispatch, move |name| {
                                Edit::Relationship(id, RelationshipEdit::Polymorphic(Some(name)))
                            })}
                        />
                    </label>
                }
            </>
        })
    }

    /// The name that another key of the holder is shared under, or one as Rails makes them: a comment is on something
    /// `commentable`.
    fn shared_name(&self, holder: Side) -> String {
        let model = self.relationship.end(holder).model;
        let others = self.source.project.draft.relationships.iter();
        let mut shared = others.filter_map(|other| {
            let name = other.polymorphic.as_ref()?;
            (other.holder().and_then(|holder| other.end(holder).model) == model).then(|| name.clone())
        });
        shared
            .next()
            .unwrap_or_else(|| format!("{}able", snake(self.model_name(holder)).trim_end_matches('e')))
    }

    /// Whether there is an index that serves the key.
    fn index(&self, why: &str) -> Html {
        let id = self.relationship.id;
        let onchange =
            on_ticked(self.dispatch, move |yes| Edit::Relationship(id, RelationshipEdit::Index(yes)));
        let question = Question::new(id, "index", "has an index", why, Vec::new());
        question.tick(self.relationship.index, onchange)
    }

    fn pairs(&self) -> Html {
        let relationship = self.relationship;
        let through = relationship.through.is_some();
        let itself = relationship.left.model == relationship.right.model;
        html! {
            <>
                { self.through() }
                if (itself && !through) || relationship.is_symmetric() {
                    { self.symmetric() }
                }
                if !through {
                    { self.on_update() }
                    { self.index(&format!(
                        "The pair is a key and finds by {}; this finds by {}.",
                        self.model_name(Side::Left), self.model_name(Side::Right)
                    )) }
                }
            </>
        }
    }

    /// A join table of its own, or the join models that fit.
    fn through(&self) -> Html {
        let (id, project) = (self.relationship.id, &self.source.project);
        let ways = ways_through(&project.draft, self.relationship);
        let chosen = self.relationship.through;
        let model_name = |model| project.draft.model(model).map_or("", |model| named(&model.name));
        let lost = |through: Through| {
            if chosen.is_some() {
                0
            } else {
                project.links_lost(id, |after| after.set_through(id, Some(through)))
            }
        };
        let mut choices = vec![Choice::new("", "a join table of its own")];
        for (at, (model, through)) in ways.iter().enumerate() {
            let text = format!("{}, by {}", model_name(*model), self.ways_names(*through));
            choices.push(Choice::new(at.to_string(), with_loss(text, lost(*through))));
        }
        let value = match chosen {
            None => String::new(),
            Some(through) => ways.iter().position(|(_, way)| *way == through).map_or_else(
                || {
                    choices.push(Choice::new("?", "what is told below"));
                    "?".to_owned()
                },
                |at| at.to_string(),
            ),
        };
        let why = self.why_through(ways.first().map(|(model, _)| model_name(*model)));
        let onchange = on_chosen(self.dispatch, move |value| {
            let through =
                if value.is_empty() { None } else { Some(ways.get(value.parse::<usize>().ok()?)?.1) };
            Some(Edit::Relationship(id, RelationshipEdit::Through(through)))
        });
        let mut question =
            self.question(RelationshipPart::Through(Side::Left), "through", "are kept in", why);
        question.said.extend(self.told(RelationshipPart::Through(Side::Right)));
        question.pick(value.into(), choices, onchange)
    }

    /// What it means where the pairs are kept, and what else there is, with the name of a join model that fits.
    fn why_through(&self, fits: Option<&str>) -> String {
        if self.relationship.through.is_some() {
            return "The rows of the model in between are the pairs, and their own fields say more of each."
                .into();
        }
        if let Some(model) = fits {
            return format!(
                "A row for each pair and nothing else; or read it through {model}, whose fields say more of each pair."
            );
        }
        let [left, right] = Side::BOTH.map(|side| self.model_name(side));
        let itself = self.relationship.left.model == self.relationship.right.model;
        let other = if itself { "another" } else { "one" };
        format!(
            "A row for each pair and nothing else. To say more of a pair, such as since when, add a model that has one \
             {left} and {other} {right}: it can be chosen here then."
        )
    }

    /// The properties of the join model that lead to the two ends: `student and course`.
    fn ways_names(&self, through: Through) -> String {
        let name = |side: Side| {
            let id = through.at(side);
            let holder = self.source.project.draft.relationship(id).and_then(|tie| tie.holder());
            holder.map_or(String::new(), |holder| self.property_name(id, holder))
        };
        format!("{} and {}", name(Side::Left), name(Side::Right))
    }

    fn symmetric(&self) -> Html {
        let (id, project) = (self.relationship.id, &self.source.project);
        let lost = match self.relationship.symmetric {
            true => 0,
            false => project.links_lost(id, |after| after.set_symmetric(id, true)),
        };
        let onchange =
            on_ticked(self.dispatch, move |yes| Edit::Relationship(id, RelationshipEdit::Symmetric(yes)));
        let why = "Linked from one end is linked from the other, as with friends; so there is one property, not two.";
        let label = with_loss("goes both ways".into(), lost);
        self.question(RelationshipPart::Symmetric, "symmetric", label, why)
            .tick(self.relationship.is_symmetric(), onchange)
    }
}
