//! A message by its schema.

use super::reader::{Damage, LengthForm, Reader};
use super::records;
use super::schema::{self, Half, Kind, Message, Node};
use super::{Field, people};

/// Reads a message's fields, and whatever could be read before a damage.
pub(super) fn read(
    reader: &mut Reader<'_>,
    message: &Message,
    fields: &mut Vec<Field>,
) -> Result<(), Damage> {
    let mut read = Read {
        is_flexible: message.is_flexible,
        left_count: FIELDS_MAX,
    };
    read.nodes(reader, &message.nodes, fields)
}

/// Reads the tagged fields of a header, of which none has a meaning.
pub(super) fn read_tags(reader: &mut Reader<'_>, fields: &mut Vec<Field>) -> Result<(), Damage> {
    let mut read = Read {
        is_flexible: true,
        left_count: FIELDS_MAX,
    };
    read.nodes(reader, &[], fields)
}

struct Read {
    is_flexible: bool,
    /// How many more fields are read at most.
    left_count: usize,
}

impl Read {
    fn nodes(
        &mut self,
        reader: &mut Reader<'_>,
        nodes: &[Node],
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        for node in nodes.iter().filter(|node| node.tag.is_none()) {
            self.node(reader, node, fields)?;
        }
        match self.is_flexible {
            true => self.tagged(reader, nodes, fields),
            false => Ok(()),
        }
    }

    fn tagged(
        &mut self,
        reader: &mut Reader<'_>,
        nodes: &[Node],
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        let start = reader.at();
        let count = reader.unsigned_varint()?;
        let value = people::count(count as usize);
        Field::holding(
            "tagged_fields",
            value,
            start,
            reader,
            fields,
            |reader, fields| (0..count).try_for_each(|_| self.tag(reader, nodes, fields)),
        )
    }

    fn tag(
        &mut self,
        reader: &mut Reader<'_>,
        nodes: &[Node],
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        let start = reader.at();
        let tag = reader.unsigned_varint()?;
        let size_bytes = reader.unsigned_varint()? as usize;
        let mut inner = reader.inner(size_bytes)?;
        let before_count = fields.len();
        let node = nodes.iter().find(|node| node.tag == Some(tag));
        let result = match node {
            Some(node) => self.node(&mut inner, node, fields),
            None => self.count_down(),
        };
        if fields.len() == before_count {
            let value = people::bytes(reader.slice(inner.left()));
            fields.push(Field::new(format!("tag_{tag}"), value, start..reader.at()));
        }
        if let Some(field) = fields.last_mut() {
            field.bytes = start..reader.at();
        }
        result
    }

    fn node(
        &mut self,
        reader: &mut Reader<'_>,
        node: &Node,
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        if node.is_array {
            return self.array(reader, node, fields);
        }
        self.count_down()?;
        let start = reader.at();
        match node.kind {
            Kind::NullableStruct => {
                // 1 if it is there; -1 if not.
                if reader.array()? != [1] {
                    fields.push(Field::new(node.name, "null", start..reader.at()));
                    return Ok(());
                }
                self.structure(reader, node.name.into(), &node.nodes, start, fields)
            }
            Kind::Struct => self.structure(reader, node.name.into(), &node.nodes, start, fields),
            Kind::Bytes | Kind::Records => self.blob(reader, node, fields),
            _ => {
                let value = self.scalar(reader, node)?;
                fields.push(Field::new(node.name, value, start..reader.at()));
                Ok(())
            }
        }
    }

    /// Something that begins here and holds fields.
    fn structure(
        &mut self,
        reader: &mut Reader<'_>,
        name: String,
        nodes: &[Node],
        start: usize,
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        Field::holding(name, "", start, reader, fields, |reader, fields| {
            self.nodes(reader, nodes, fields)
        })
    }

    fn array(
        &mut self,
        reader: &mut Reader<'_>,
        node: &Node,
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        self.count_down()?;
        let start = reader.at();
        let count = reader.length(self.form(LengthForm::Int32))?;
        let value = count.map_or_else(|| "null".into(), people::count);
        Field::holding(node.name, value, start, reader, fields, |reader, fields| {
            (0..count.unwrap_or(0)).try_for_each(|index| self.item(reader, node, index, fields))
        })
    }

    fn item(
        &mut self,
        reader: &mut Reader<'_>,
        node: &Node,
        index: usize,
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        self.count_down()?;
        let (start, name) = (reader.at(), format!("[{index}]"));
        if node.kind == Kind::Struct {
            return self.structure(reader, name, &node.nodes, start, fields);
        }
        let value = self.scalar(reader, node)?;
        fields.push(Field::new(name, value, start..reader.at()));
        Ok(())
    }

    fn scalar(&self, reader: &mut Reader<'_>, node: &Node) -> Result<String, Damage> {
        let number = match node.kind {
            Kind::Bool => {
                return Ok(if reader.array()? == [0] {
                    "false"
                } else {
                    "true"
                }
                .into());
            }
            Kind::String => {
                let length = reader.length(self.form(LengthForm::Int16))?;
                let text = length.map(|length| reader.take(length)).transpose()?;
                return Ok(text.map_or_else(|| "null".into(), people::text));
            }
            Kind::Uuid => return Ok(ottla_core::Uuid(reader.array()?).to_string()),
            Kind::Int8 => i8::from_be_bytes(reader.array()?).into(),
            Kind::Int16 => i16::from_be_bytes(reader.array()?).into(),
            Kind::Uint16 => u16::from_be_bytes(reader.array()?).into(),
            Kind::Int32 => i32::from_be_bytes(reader.array()?).into(),
            Kind::Int64 => i64::from_be_bytes(reader.array()?),
            Kind::Bytes | Kind::Records | Kind::Struct | Kind::NullableStruct => {
                unreachable!("{} is no number", node.name)
            }
        };
        Ok(people::number(node.name, number))
    }

    /// Bytes that may have a form of their own.
    fn blob(
        &mut self,
        reader: &mut Reader<'_>,
        node: &Node,
        fields: &mut Vec<Field>,
    ) -> Result<(), Damage> {
        let start = reader.at();
        let Some(length) = reader.length(self.form(LengthForm::Int32))? else {
            fields.push(Field::new(node.name, "null", start..reader.at()));
            return Ok(());
        };
        let mut inner = reader.inner(length)?;
        let content = reader.slice(inner.left());
        let mut field = Field::new(node.name, "", start..reader.at());
        if node.kind == Kind::Records {
            field.value = people::size(length);
            records::read(&mut inner, &mut self.left_count, &mut field.fields);
        } else {
            field.value = people::bytes(content);
            if let Some(inner) = self.of_consumers(node.name, inner) {
                (field.value, field.fields) = (people::size(length), inner);
            }
        }
        fields.push(field);
        Ok(())
    }

    /// What consumers put into these bytes for each other, if it is that to the last byte.
    fn of_consumers(&mut self, name: &str, mut reader: Reader<'_>) -> Option<Vec<Field>> {
        let key = match name {
            "metadata" | "member_metadata" => "subscription",
            "assignment" | "member_assignment" => "assignment",
            _ => return None,
        };
        let start = reader.at();
        let version = i16::from_be_bytes(reader.array().ok()?);
        let message = schema::message(key, version, Half::Request)?;
        let mut fields = vec![Field::new(
            "version",
            version.to_string(),
            start..reader.at(),
        )];
        let mut read = Read {
            is_flexible: false,
            left_count: self.left_count,
        };
        read.nodes(&mut reader, &message.nodes, &mut fields).ok()?;
        self.left_count = read.left_count;
        reader.is_at_end().then_some(fields)
    }

    fn form(&self, rigid: LengthForm) -> LengthForm {
        match self.is_flexible {
            true => LengthForm::Compact,
            false => rigid,
        }
    }

    fn count_down(&mut self) -> Result<(), Damage> {
        self.left_count = self.left_count.checked_sub(1).ok_or(TOO_MANY)?;
        Ok(())
    }
}

/// More fields than a person would look at.
pub(super) const TOO_MANY: Damage = Damage("there are too many fields");
const FIELDS_MAX: usize = 20_000;
