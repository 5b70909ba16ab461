package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"yimi/indicators"
)

// descriptor reads datapackage.json: the plan object, and a resource with the
// right columns for every file.
func (r *reader) descriptor() {
	data, ok := r.load(indicators.DescriptorFile)
	if !ok {
		return
	}
	r.pkg.Descriptor, r.json = data, data
	var top map[string]json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(data, &top); errors.As(err, &syntax) {
		line, col := lineCol(data, max(int(syntax.Offset)-1, 0))
		r.refuse(indicators.Problem{File: indicators.DescriptorFile, Row: -1, Line: line, Col: col, Rule: "json_syntax"})
		return
	}
	if top == nil {
		r.refuseAt("", "", "want_object")
		return
	}
	offsets, doubled, err := walk(data)
	if err != nil {
		r.refuseAt("", "", "json_depth")
		return
	}
	r.offsets = offsets
	for _, key := range doubled {
		line, col := lineCol(data, key.offset)
		r.refuse(indicators.Problem{File: indicators.DescriptorFile, Row: -1, Line: line, Col: col, Column: shorten(key.name), Rule: "doubled_json_key"})
	}
	r.plan(top["plan"])
	r.resources(top["resources"])
}

// refuseAt adds a problem of the value at that path of the descriptor.
func (r *reader) refuseAt(path, column, rule string, args ...any) {
	line, col := r.position(path)
	r.refuse(indicators.Problem{File: indicators.DescriptorFile, Row: -1, Line: line, Col: col, Column: column, Rule: rule, Args: args})
}

// position is the line and column of the value at a path, of the nearest one
// above when there is none.
func (r *reader) position(path string) (line, col int) {
	for {
		if at, ok := r.offsets[path]; ok {
			return lineCol(r.json, at)
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return 1, 1
		}
		path = path[:i]
	}
}

// plan reads the plan object key by key, so that each is told of.
func (r *reader) plan(raw json.RawMessage) {
	var values map[string]json.RawMessage
	if json.Unmarshal(raw, &values) != nil || values == nil {
		r.refuseAt("plan", "plan", "want_object")
		return
	}
	fields := reflect.ValueOf(&r.pkg.Plan).Elem()
	var known []string
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		known = append(known, name)
		value, given := values[name]
		if !given {
			continue // an empty one is for Validate
		}
		if err := json.Unmarshal(value, fields.Field(i).Addr().Interface()); err != nil || string(value) == "null" {
			rule, args := wanted(fields.Field(i).Interface())
			r.refuseAt("plan."+name, name, rule, args...)
		}
	}
	var strange []string
	for name := range values {
		if !slices.Contains(known, name) {
			strange = append(strange, name)
		}
	}
	slices.Sort(strange)
	for _, name := range strange {
		r.refuseAt("plan."+name, shorten(name), "unknown_key", strings.Join(known, ", "))
	}
}

// wanted is the rule that a value of the plan object broke.
func wanted(field any) (rule string, args []any) {
	switch field.(type) {
	case int:
		return "want_integer", nil
	case []int:
		return "want_integers", nil
	case indicators.Period:
		return "period_form", []any{"YYYY-MM-DD"}
	}
	return "want_text", nil
}

// resources holds the list of files and their schemas against the columns.
func (r *reader) resources(raw json.RawMessage) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || list == nil {
		r.refuseAt("resources", "resources", "want_list")
		return
	}
	seen := map[string]bool{}
	for i, one := range list {
		at := "resources." + strconv.Itoa(i)
		var resource struct {
			Path   string `json:"path"`
			Schema struct {
				Fields []struct {
					Name string `json:"name"`
				} `json:"fields"`
			} `json:"schema"`
		}
		err := json.Unmarshal(one, &resource)
		f, known := indicators.FileNamed(resource.Path)
		switch {
		case !known:
			r.refuseAt(at, shorten(resource.Path), "unknown_resource", shorten(resource.Path))
			continue
		case seen[f.Name]:
			r.refuseAt(at, f.Name, "doubled_resource", f.Name)
			continue
		}
		seen[f.Name] = true
		var names []string
		for _, field := range resource.Schema.Fields {
			names = append(names, field.Name)
		}
		if err != nil || !slices.Equal(names, f.Header()) {
			r.refuseAt(at+".schema", f.Name, "schema_columns", f.Name, strings.Join(f.Header(), ","))
		}
	}
	for _, f := range indicators.Files() {
		if !seen[f.Name] {
			r.refuseAt("resources", f.Name, "missing_resource", f.Name)
		}
	}
}

// maxDepth is how deep the descriptor's values may be nested, and pathDepth how
// deep a value may lie to have its place kept: "resources.3.schema".
const (
	maxDepth  = 32
	pathDepth = 3
)

// doubledKey is a key that stands twice in one object; which of its values
// counts would depend on the reader.
type doubledKey struct {
	name   string
	offset int
}

// walk goes through a valid JSON text once: the offsets of the upper values by
// their paths, and the keys that stand twice.
func walk(data []byte) (offsets map[string]int, doubled []doubledKey, err error) {
	offsets = map[string]int{}
	d := json.NewDecoder(bytes.NewReader(data))
	next := func() int { // where the next token begins
		at := int(d.InputOffset())
		return len(data) - len(bytes.TrimLeft(data[at:], " \t\r\n,:"))
	}
	var value func(path string, depth int) error
	value = func(path string, depth int) error {
		if depth > maxDepth {
			return errors.New("nested too deep")
		}
		if depth <= pathDepth {
			offsets[path] = next()
		}
		token, err := d.Token()
		open, nested := token.(json.Delim)
		if err != nil || !nested {
			return err
		}
		seen := map[string]bool{}
		for i := 0; d.More(); i++ {
			name := strconv.Itoa(i)
			if open == '{' {
				at := next()
				key, err := d.Token()
				if err != nil {
					return err
				}
				name, _ = key.(string)
				if seen[name] {
					doubled = append(doubled, doubledKey{name, at})
				}
				seen[name] = true
			}
			below := ""
			if depth < pathDepth {
				below = strings.TrimPrefix(path+"."+shorten(name), ".")
			}
			if err := value(below, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	}
	if err := value("", 0); err != nil {
		return nil, nil, err
	}
	return offsets, doubled, nil
}
