// Package seed holds the plan that the program ships, as a data package, and
// reads and writes packages of that shape.
package seed

import (
	"embed"
	"io/fs"
)

//go:embed */*.csv */datapackage.json
var files embed.FS

// Shipped is the plan that the program ships: the only folder of data here.
func Shipped() fs.FS {
	entries, err := fs.ReadDir(files, ".")
	if err != nil || len(entries) != 1 {
		panic("seed: there must be one folder of data") // decided when the program is built
	}
	plan, err := fs.Sub(files, entries[0].Name())
	if err != nil {
		panic("seed: " + err.Error()) // as above
	}
	return plan
}
