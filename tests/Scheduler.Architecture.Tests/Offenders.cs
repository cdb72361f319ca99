namespace Scheduler.Architecture.Tests;

/// <summary>Fails with the whole list: a rule that says only "false" sends its reader searching.</summary>
internal static class Offenders
{
    public static void None(IEnumerable<string> found)
    {
        var list = found.ToList();
        Assert.True(list.Count == 0, string.Join(Environment.NewLine, list));
    }
}
