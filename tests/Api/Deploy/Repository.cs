namespace OrleansLb.Api.Tests.Deploy;

/// <summary>Where the sources are that the tests were built from.</summary>
internal static class Repository
{
    public static string Path(string relative)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(System.IO.Path.Combine(at.FullName, "OrleansLb.sln"))) return System.IO.Path.Combine(at.FullName, relative);
        throw new DirectoryNotFoundException("No folder above the tests has OrleansLb.sln.");
    }
}
