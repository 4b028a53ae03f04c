namespace OrleansLb.Silo.Tests;
