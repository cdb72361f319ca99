using System.Net;
using System.Text;

namespace Scheduler.Protocol.Reports;

/// <summary>Writes well-formed HTML: every text is escaped, every table has a caption and headers.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public Html Tag(string name, string text, string attributes = "")
    {
        _text.Append('<').Append(name).Append(attributes.Length > 0 ? " " : "").Append(attributes).Append('>').Append(WebUtility.HtmlEncode(text)).Append("</").Append(name).Append(">\n");
        return this;
    }

    /// <summary>A section with its heading; nothing but a sentence when there are no rows.</summary>
    public Html Section(string id, string title, string note, string[] columns, IReadOnlyCollection<string[]> rows)
    {
        Raw($"<section aria-labelledby=\"{id}\">\n").Tag("h2", title, $"id=\"{id}\"");
        if (note.Length > 0) Tag("p", note);
        if (rows.Count == 0) Tag("p", "None recorded.", "class=\"none\"");
        else Table(title, columns, rows);
        return Raw("</section>\n");
    }

    public Html Table(string caption, string[] columns, IEnumerable<string[]> rows)
    {
        Raw("<table>\n").Tag("caption", caption).Raw("<thead><tr>");
        foreach (var column in columns) Tag("th", column, "scope=\"col\"");
        Raw("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            Raw("<tr>");
            for (var i = 0; i < row.Length; i++) Tag(i == 0 ? "th" : "td", row[i], i == 0 ? "scope=\"row\"" : "");
            Raw("</tr>\n");
        }

        return Raw("</tbody></table>\n");
    }

    public override string ToString() => _text.ToString();
}
